/** Names of the variables by which a test tells a pikaci with faults what to do. */
export const faultVariable = 'PIKACI_FAULT';
/** A file that gets a line for each fault point that is reached, and for the fault itself. */
export const reachedVariable = 'PIKACI_FAULT_REACHED';
/** The line that says that the fault happened. */
export const faultLine = 'FAULT';
