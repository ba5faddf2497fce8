/*
 * A TCP port for a server that is about to be started.
 */
#ifndef PLUGINS_HTTP_PORT_H
#define PLUGINS_HTTP_PORT_H

/*
 * A port of 127.0.0.1 that nobody listens on, or -1 and errno.  As long as this
 * process lives it is not given to another that asks here, where the system
 * can promise that (Linux).
 */
int port_new(void);

#endif
