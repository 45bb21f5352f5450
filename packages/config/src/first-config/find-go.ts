import type { FindTools } from './found-tool.js';

/** Go by go.mod. */
export const findGo: FindTools = (files) => {
  if (!files.has('go.mod')) return [];
  return [
    {
      id: 'go',
      files: ['go.mod'],
      jobs: [
        { name: 'vet', config: { run: 'go vet ./...' } },
        { name: 'test', config: { run: 'go test ./...' } },
      ],
      payloads: [],
      notes: [],
    },
  ];
};
