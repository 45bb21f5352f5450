import type { FindTools } from './found-tool.js';

/** Cargo by Cargo.toml. */
export const findCargo: FindTools = (files) => {
  if (!files.has('Cargo.toml')) return [];
  const isLocked = files.has('Cargo.lock');
  const locked = isLocked ? ' --locked' : '';
  return [
    {
      id: 'cargo',
      files: ['Cargo.toml', ...(isLocked ? ['Cargo.lock'] : [])],
      jobs: [
        { name: 'fmt', config: { run: 'cargo fmt --all --check' } },
        {
          name: 'clippy',
          config: { run: `cargo clippy --workspace --all-targets${locked} -- -D warnings` },
        },
        {
          name: 'test',
          config: { run: `cargo test --workspace${locked}` },
          comments: {
            run: 'Compiles anew each time. To keep what it compiled: env: { CARGO_TARGET_DIR: /absolute/path }',
          },
        },
      ],
      payloads: [],
      notes: [],
    },
  ];
};
