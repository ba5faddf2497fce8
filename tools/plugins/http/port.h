/*
 * A TCP port for a server that is about to be started.
 */
#ifndef PLUGINS_HTTP_PORT_H
#define PLUGINS_HTTP_PORT_H

/*
 * A free port of 127.0.0.1, or -1 and errno.  On Linux no other process is
 * given the same port by this function while this process lives.
 */
int port_new(void);

#endif
