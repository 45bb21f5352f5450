/** What a plain Debian guest has on its PATH; the paths of payloads come before it. */
export const guestPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
