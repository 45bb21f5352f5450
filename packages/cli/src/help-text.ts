/** What follows the options in the help: examples and exit codes. */
export const helpText = `
Examples:
  npx pikaci init                                 a first configuration for what is here
  npx pikaci run                                  the default target
  npx pikaci run unit lint --jobs 1               two jobs, one at a time
  npx pikaci run self --runtime incus --image debian
  npx pikaci run --changed-since main             targets whose paths changed on this branch
  npx pikaci run --changed                        the same in a CI service, which tells the base
  git diff --name-only -z A B | npx pikaci run --changed-files -
  npx pikaci run --failed                         what did not pass the last time
  npx pikaci run --output quiet                   failures alone, and one line at the end
  npx pikaci run --output github                  in a step of GitHub Actions
  npx pikaci plan --json                          what a run would do
  npx pikaci status latest                        how the latest run went
  npx pikaci status --watch                       how the latest run goes
  npx pikaci logs latest --job unit --kind guest  what a job printed
  npx pikaci logs                                 what the failed jobs of the latest run printed
  npx pikaci logs latest --follow                 what a run in another terminal prints
  npx pikaci attach latest --job e2e              the same of one job, with its exit code
  npx pikaci shell                                a shell in what the failed job of the latest run had
  npx pikaci show latest-failed                   all about a run, and what to do next
  npx pikaci artifacts latest --extract out       the files that jobs left
  npx pikaci report latest --junit report.xml     for the CI service; also --html, --github, --json
  npx pikaci payload list                         what was built, and is kept
  npx pikaci payload explain node-modules         why it would be built again
  npx pikaci snapshot diff latest 20260307T10    which files differ between two runs
  npx pikaci snapshot show latest --json          what a run was on
  npx pikaci run --fail-fast --timeout 30m        stop at the first failure, or after half an hour
  npx pikaci cancel latest --job e2e              cancel a job of a run in another terminal
  npx pikaci schema event                         what programs may rely on in --output jsonl
  npx pikaci gc --dry-run                         which old runs would go
  npx pikaci doctor                               what is there, what is missing

Flags win over environment variables, and those over the configuration.
Ctrl-C cancels and cleans up; another one, half a second later or more, ends at
once what runs, and a third one leaves everything as it is.

Exit codes:
  0    passed, or nothing was to be done
  1    a job, or the build of a payload, failed
  2    wrong usage, selection or configuration; nothing was run
  3    infrastructure: the machine, the server or pikaci itself failed
  4    nothing was left to run, and --fail-on-skip was given
  124  a job, or the whole run, ran into its timeout
  130  cancelled
`;
