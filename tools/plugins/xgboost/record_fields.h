/*
 * The fields of aialgs.data.Record by their numbers (SageMaker Python SDK,
 * record.proto), and how protobuf writes a field.
 */
#ifndef PLUGINS_XGBOOST_RECORD_FIELDS_H
#define PLUGINS_XGBOOST_RECORD_FIELDS_H

enum {
	RECORD_FEATURES = 1,
	RECORD_LABEL = 2,
	ENTRY_KEY = 1,
	ENTRY_VALUE = 2,
	VALUE_FLOAT32 = 2,
	VALUE_FLOAT64 = 3,
	VALUE_INT32 = 7,
	VALUE_BYTES = 9,
	TENSOR_VALUES = 1,
	TENSOR_KEYS = 2,
	TENSOR_SHAPE = 3
};

/* Protobuf's wire types. */
enum { VARINT, FIXED64, SIZED, FIXED32 = 5 };

#endif
