import { FakeOperation } from './operations.js';
import type { RoutedRequest } from './router.js';

/** An operation about an instance, with the path Incus gives it: a project that was asked for is part of it. */
export function operationOn(
  description: string,
  instance: string,
  request: RoutedRequest,
): FakeOperation {
  const asked = request.query.get('project');
  return new FakeOperation(description, instance, asked === null ? '' : `?project=${asked}`);
}
