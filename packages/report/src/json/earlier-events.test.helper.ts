/** The keys of the kinds of events of the earlier format, in their order. Their names and meanings are the same here. */
export const earlierEventKeys: Readonly<Record<string, readonly string[]>> = {
  run_started: ['event', 'run_id', 'created_at', 'rerun_of', 'target_id', 'target_description'],
  job_started: ['event', 'run_id', 'job'],
  job_finished: ['event', 'run_id', 'job'],
  run_finished: ['event', 'run'],
};

/** The keys that it has of a job. */
export const earlierJobKeys = [
  'id',
  'description',
  'status',
  'executor',
  'plan_node_id',
  'timeout_secs',
  'host_log_path',
  'guest_log_path',
  'started_at',
  'finished_at',
  'exit_code',
  'message',
  'pre_execution_prepare_duration_ms',
  'remote_linux_vm_execution',
] as const;
