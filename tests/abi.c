/* Prints where the members of the plugin interface are. */
#include <stddef.h>
#include <stdio.h>

#include "bt_model.h"

#define SIZE(type) printf(#type " %zu\n", sizeof(struct type))
#define AT(type, member)                                                       \
	printf(#type "." #member " %zu\n", offsetof(struct type, member))

int
main(void)
{
	SIZE(bt_span);
	AT(bt_span, n);
	SIZE(bt_matrix);
	AT(bt_matrix, columns);
	AT(bt_matrix, values);
	SIZE(bt_parameter);
	AT(bt_parameter, value);
	AT(bt_host, struct_size);
	AT(bt_host, abi_major);
	AT(bt_host, abi_minor);
	AT(bt_host, alloc);
	AT(bt_host, matrix);
	AT(bt_host, log);
	AT(bt_host, fail);
	AT(bt_host, write);
	AT(bt_host, end_record);
	AT(bt_host, content_type);
	AT(bt_load, threads);
	AT(bt_load, model_dir);
	AT(bt_load, archive);
	AT(bt_load, archive_size);
	AT(bt_load, parameters);
	AT(bt_load, parameter_count);
	AT(bt_load, content_type);
	AT(bt_load, accept);
	AT(bt_request, content_type);
	AT(bt_request, accept);
	AT(bt_request, body);
	AT(bt_request, body_size);
	AT(bt_request, records);
	AT(bt_request, record_count);
	AT(bt_request, header);
	AT(bt_request, object);
	AT(bt_request, offset);
	AT(bt_request, first_record);
	AT(bt_execution_parameters, max_concurrent_transforms);
	AT(bt_execution_parameters, max_payload_in_mb);
	AT(bt_execution_parameters, batch_strategy);
	AT(bt_plugin, struct_size);
	AT(bt_plugin, abi_major);
	AT(bt_plugin, abi_minor);
	AT(bt_plugin, name);
	AT(bt_plugin, version);
	AT(bt_plugin, content_types);
	AT(bt_plugin, accepts);
	AT(bt_plugin, model_fn);
	AT(bt_plugin, input_fn);
	AT(bt_plugin, predict_fn);
	AT(bt_plugin, output_fn);
	AT(bt_plugin, input_free);
	AT(bt_plugin, prediction_free);
	AT(bt_plugin, model_close);
	AT(bt_plugin, execution_parameters);
	printf("statuses %d %d %d %d %d %d %d\n", BT_OK, BT_BAD_INPUT,
	    BT_BAD_ACCEPT, BT_TOO_LARGE, BT_BAD_CONTENT_TYPE, BT_MODEL_ERROR,
	    BT_RETRY);
	return 0;
}
