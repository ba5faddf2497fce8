/*
 * What the service does if a CreateTransformJob request does not say.
 */
#ifndef FORMAT_DEFAULTS_H
#define FORMAT_DEFAULTS_H

enum {
	DEFAULT_TIMEOUT = 600, /* s, InvocationsTimeoutInSeconds */
	DEFAULT_RETRIES = 3,   /* InvocationsMaxRetries */
	DEFAULT_PAYLOAD = 6,   /* MB, MaxPayloadInMB */
	DEFAULT_CONCURRENT = 1 /* MaxConcurrentTransforms */
};

#define DEFAULT_STRATEGY "MultiRecord" /* BatchStrategy */

#endif
