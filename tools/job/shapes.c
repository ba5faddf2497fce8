#include "job/shapes.h"

#include <string.h>

#define TEXT(most_, ...)                                                       \
	{                                                                      \
		.kind = JOB_STRING, .most = (most_), __VA_ARGS__               \
	}
#define ONE_OF(values_)                                                        \
	{                                                                      \
		.kind = JOB_STRING, .values = (values_)                        \
	}
#define WHOLE(least_, most_)                                                   \
	{                                                                      \
		.kind = JOB_INTEGER, .least = (least_), .most = (most_)        \
	}
#define STRUCT(members_)                                                       \
	{                                                                      \
		.kind = JOB_STRUCT, .members = (members_)                      \
	}
#define LIST(least_, most_, item_)                                             \
	{                                                                      \
		.kind = JOB_LIST, .least = (least_), .most = (most_),          \
		.item = (item_)                                                \
	}
#define MAP(most_, key_, item_)                                                \
	{                                                                      \
		.kind = JOB_MAP, .most = (most_), .key = (key_),               \
		.item = (item_)                                                \
	}

/* Of the kinds of names, most differ in their length only. */
#define NAME_PATTERN "[a-zA-Z0-9](-*[a-zA-Z0-9])*"
#define NAME_WORDS "letters, digits, and hyphens that neither begin nor end it"
#define NAME(least_, most_)                                                    \
	{                                                                      \
		.kind = JOB_STRING, .least = (least_), .most = (most_),        \
		.pattern = NAME_PATTERN, .words = NAME_WORDS                   \
	}
#define URI(words_)                                                            \
	TEXT(1024, .pattern = "(https|s3)://([^/]+)/?(.*)", .words = (words_), \
	    .relief = JOB_OR_PATH)

static const char *const batch_strategies[] = { "MultiRecord", "SingleRecord",
	NULL };
static const char *const data_types[] = { "ManifestFile", "S3Prefix", NULL };
static const char *const compressions[] = { "None", "Gzip", NULL };
static const char *const splits[] = { "None", "Line", "RecordIO", "TFRecord",
	NULL };
static const char *const assemblies[] = { "None", "Line", NULL };
static const char *const joins[] = { "Input", "None", NULL };
static const char *const access_modes[] = { "Platform", "Vpc", NULL };
static const char *const model_modes[] = { "SingleModel", "MultiModel", NULL };
static const char *const model_data_types[] = { "S3Prefix", "S3Object", NULL };
static const char *const cache_settings[] = { "Enabled", "Disabled", NULL };
static const char *const execution_modes[] = { "Serial", "Direct", NULL };
static const char *const instance_types[] = { "ml.m4.xlarge", "ml.m4.2xlarge",
	"ml.m4.4xlarge", "ml.m4.10xlarge", "ml.m4.16xlarge", "ml.c4.xlarge",
	"ml.c4.2xlarge", "ml.c4.4xlarge", "ml.c4.8xlarge", "ml.p2.xlarge",
	"ml.p2.8xlarge", "ml.p2.16xlarge", "ml.p3.2xlarge", "ml.p3.8xlarge",
	"ml.p3.16xlarge", "ml.c5.xlarge", "ml.c5.2xlarge", "ml.c5.4xlarge",
	"ml.c5.9xlarge", "ml.c5.18xlarge", "ml.m5.large", "ml.m5.xlarge",
	"ml.m5.2xlarge", "ml.m5.4xlarge", "ml.m5.12xlarge", "ml.m5.24xlarge",
	"ml.m6i.large", "ml.m6i.xlarge", "ml.m6i.2xlarge", "ml.m6i.4xlarge",
	"ml.m6i.8xlarge", "ml.m6i.12xlarge", "ml.m6i.16xlarge",
	"ml.m6i.24xlarge", "ml.m6i.32xlarge", "ml.c6i.large", "ml.c6i.xlarge",
	"ml.c6i.2xlarge", "ml.c6i.4xlarge", "ml.c6i.8xlarge", "ml.c6i.12xlarge",
	"ml.c6i.16xlarge", "ml.c6i.24xlarge", "ml.c6i.32xlarge", "ml.r6i.large",
	"ml.r6i.xlarge", "ml.r6i.2xlarge", "ml.r6i.4xlarge", "ml.r6i.8xlarge",
	"ml.r6i.12xlarge", "ml.r6i.16xlarge", "ml.r6i.24xlarge",
	"ml.r6i.32xlarge", "ml.m7i.large", "ml.m7i.xlarge", "ml.m7i.2xlarge",
	"ml.m7i.4xlarge", "ml.m7i.8xlarge", "ml.m7i.12xlarge",
	"ml.m7i.16xlarge", "ml.m7i.24xlarge", "ml.m7i.48xlarge", "ml.c7i.large",
	"ml.c7i.xlarge", "ml.c7i.2xlarge", "ml.c7i.4xlarge", "ml.c7i.8xlarge",
	"ml.c7i.12xlarge", "ml.c7i.16xlarge", "ml.c7i.24xlarge",
	"ml.c7i.48xlarge", "ml.r7i.large", "ml.r7i.xlarge", "ml.r7i.2xlarge",
	"ml.r7i.4xlarge", "ml.r7i.8xlarge", "ml.r7i.12xlarge",
	"ml.r7i.16xlarge", "ml.r7i.24xlarge", "ml.r7i.48xlarge",
	"ml.g4dn.xlarge", "ml.g4dn.2xlarge", "ml.g4dn.4xlarge",
	"ml.g4dn.8xlarge", "ml.g4dn.12xlarge", "ml.g4dn.16xlarge",
	"ml.g5.xlarge", "ml.g5.2xlarge", "ml.g5.4xlarge", "ml.g5.8xlarge",
	"ml.g5.12xlarge", "ml.g5.16xlarge", "ml.g5.24xlarge", "ml.g5.48xlarge",
	"ml.trn1.2xlarge", "ml.trn1.32xlarge", "ml.inf2.xlarge",
	"ml.inf2.8xlarge", "ml.inf2.24xlarge", "ml.inf2.48xlarge",
	"ml.g6.xlarge", "ml.g6.2xlarge", "ml.g6.4xlarge", "ml.g6.8xlarge",
	"ml.g6.12xlarge", "ml.g6.16xlarge", "ml.g6.24xlarge", "ml.g6.48xlarge",
	NULL };

static const struct shape boolean = { .kind = JOB_BOOLEAN };
static const struct shape any_text = { .kind = JOB_STRING };
static const struct shape uri = URI("s3://BUCKET/KEY, or https://");
static const struct shape header_text =
    TEXT(256, .pattern = ".*", .words = "one line");
static const struct shape kms_key = TEXT(2048, .pattern = "[a-zA-Z0-9:/_-]*",
    .words = "a key's id, alias or ARN: letters, digits and : / _ -");
static const struct shape name_63 = NAME(1, 63);
static const struct shape name_120 = NAME(1, 120);
static const struct shape host_name = NAME(0, 63);
/* The API gives it no least length: the pattern requires a character. */
static const struct shape model_name = NAME(0, 63);

#define TAG_TEXT(least_, most_)                                                \
	{                                                                      \
		.kind = JOB_STRING, .least = (least_), .most = (most_),        \
		.pattern = "[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*",                  \
		.words = "letters, digits, blanks and _ . : / = + - @"         \
	}
static const struct shape tag_key = TAG_TEXT(1, 128);
static const struct shape tag_value = TAG_TEXT(0, 256);
static const struct member tag_members[] = {
	{ "Key", JOB_REQUIRED, &tag_key },
	{ "Value", JOB_REQUIRED, &tag_value },
	{ NULL, JOB_OPTIONAL, NULL },
};
static const struct shape tag = STRUCT(tag_members);
static const struct shape tags = LIST(0, 50, &tag);

#define VARIABLE_NAME                                                          \
	TEXT(1024, .pattern = "[a-zA-Z_][a-zA-Z0-9_]*",                        \
	    .words = "letters, digits and _, no digit first")

static const struct shape transform_key = VARIABLE_NAME;
static const struct shape transform_value = TEXT(10240, .pattern = NULL);
static const struct shape transform_environment =
    MAP(16, &transform_key, &transform_value);

static const struct shape timeout = WHOLE(1, 3600);
static const struct shape retries = WHOLE(0, 3);
static const struct member client_members[] = {
	{ "InvocationsTimeoutInSeconds", JOB_OPTIONAL, &timeout },
	{ "InvocationsMaxRetries", JOB_OPTIONAL, &retries },
	{ NULL, JOB_OPTIONAL, NULL },
};
static const struct shape client_config = STRUCT(client_members);

/* The model has the values of other kinds of jobs too. */
static const struct shape data_type = { .kind = JOB_STRING,
	.values = data_types,
	.words = "AugmentedManifestFile and Converse are for other jobs" };
static const struct member s3_source_members[] = {
	{ "S3DataType", JOB_REQUIRED, &data_type },
	{ "S3Uri", JOB_REQUIRED, &uri },
	{ NULL, JOB_OPTIONAL, NULL },
};
static const struct shape s3_source = STRUCT(s3_source_members);
static const struct member source_members[] = {
	{ "S3DataSource", JOB_REQUIRED, &s3_source },
	{ NULL, JOB_OPTIONAL, NULL },
};
static const struct shape source = STRUCT(source_members);
static const struct shape compression = ONE_OF(compressions);
static const struct shape split = ONE_OF(splits);
static const struct member input_members[] = {
	{ "DataSource", JOB_REQUIRED, &source },
	{ "ContentType", JOB_OPTIONAL, &header_text },
	{ "CompressionType", JOB_OPTIONAL, &compression },
	{ "SplitType", JOB_OPTIONAL, &split },
	{ NULL, JOB_OPTIONAL, NULL },
};
static const struct shape input = STRUCT(input_members);

static const struct shape assembly = ONE_OF(assemblies);
static const struct member output_members[] = {
	{ "S3OutputPath", JOB_REQUIRED, &uri },
	{ "Accept", JOB_OPTIONAL, &header_text },
	{ "AssembleWith", JOB_OPTIONAL, &assembly },
	{ "KmsKeyId", JOB_OPTIONAL, &kms_key },
	{ NULL, JOB_OPTIONAL, NULL },
};
static const struct shape output = STRUCT(output_members);

static const struct member capture_members[] = {
	{ "DestinationS3Uri", JOB_REQUIRED, &uri },
	{ "KmsKeyId", JOB_OPTIONAL, &kms_key },
	{ "GenerateInferenceId", JOB_OPTIONAL, &boolean },
	{ NULL, JOB_OPTIONAL, NULL },
};
static const struct shape capture = STRUCT(capture_members);

static const struct shape instance_type = {
	.kind = JOB_STRING, .values = instance_types, .relief = JOB_ANY_TEXT
};
/* The model has no greatest number; the text of the API says 100. */
static const struct shape instance_count = WHOLE(1, 100);
static const struct shape ami_version = { .kind = JOB_STRING,
	.least = 1,
	.most = 63,
	.pattern = "[a-zA-Z0-9]+(-[a-zA-Z0-9]+)*",
	.words = "letters and digits, with single hyphens between" };
static const struct member resource_members[] = {
	{ "InstanceType", JOB_REQUIRED, &instance_type },
	{ "InstanceCount", JOB_REQUIRED, &instance_count },
	{ "VolumeKmsKeyId", JOB_OPTIONAL, &kms_key },
	{ "TransformAmiVersion", JOB_OPTIONAL, &ami_version },
	{ NULL, JOB_OPTIONAL, NULL },
};
static const struct shape resources = STRUCT(resource_members);

static const struct shape filter = TEXT(63, .relief = JOB_ANY_TEXT);
static const struct shape join = ONE_OF(joins);
static const struct member processing_members[] = {
	{ "InputFilter", JOB_OPTIONAL, &filter },
	{ "OutputFilter", JOB_OPTIONAL, &filter },
	{ "JoinSource", JOB_OPTIONAL, &join },
	{ NULL, JOB_OPTIONAL, NULL },
};
static const struct shape processing = STRUCT(processing_members);

static const struct member experiment_members[] = {
	{ "ExperimentName", JOB_OPTIONAL, &name_120 },
	{ "TrialName", JOB_OPTIONAL, &name_120 },
	{ "TrialComponentDisplayName", JOB_OPTIONAL, &name_120 },
	{ "RunName", JOB_OPTIONAL, &name_120 },
	{ NULL, JOB_OPTIONAL, NULL },
};
static const struct shape experiment = STRUCT(experiment_members);

static const struct shape concurrency = WHOLE(0, INT32_MAX);
/* The limit of 100, too, is only in the text; 0 is no limit. */
static const struct shape payload = WHOLE(0, 100);
static const struct shape batch_strategy = ONE_OF(batch_strategies);
static const struct member transform_members[] = {
	{ "TransformJobName", JOB_REQUIRED, &name_63 },
	{ "ModelName", JOB_REQUIRED, &model_name },
	{ "MaxConcurrentTransforms", JOB_OPTIONAL, &concurrency },
	{ "ModelClientConfig", JOB_OPTIONAL, &client_config },
	{ "MaxPayloadInMB", JOB_OPTIONAL, &payload },
	{ "BatchStrategy", JOB_OPTIONAL, &batch_strategy },
	{ "Environment", JOB_OPTIONAL, &transform_environment },
	{ "TransformInput", JOB_REQUIRED, &input },
	{ "TransformOutput", JOB_REQUIRED, &output },
	{ "DataCaptureConfig", JOB_OPTIONAL, &capture },
	{ "TransformResources", JOB_REQUIRED_STRICT, &resources },
	{ "DataProcessing", JOB_OPTIONAL, &processing },
	{ "Tags", JOB_OPTIONAL, &tags },
	{ "ExperimentConfig", JOB_OPTIONAL, &experiment },
	{ NULL, JOB_OPTIONAL, NULL },
};
const struct shape job_transform_shape = STRUCT(transform_members);

static const struct shape image =
    TEXT(255, .pattern = "[^ \t\n\r\v\f]+", .words = "a name without blanks");
static const struct shape arn_line = { .kind = JOB_STRING,
	.least = 1,
	.most = 2048,
	.pattern = ".*",
	.words = "one line" };
static const struct member auth_members[] = {
	{ "RepositoryCredentialsProviderArn", JOB_REQUIRED, &arn_line },
	{ NULL, JOB_OPTIONAL, NULL },
};
static const struct shape auth = STRUCT(auth_members);
static const struct shape access_mode = ONE_OF(access_modes);
static const struct member image_members[] = {
	{ "RepositoryAccessMode", JOB_REQUIRED, &access_mode },
	{ "RepositoryAuthConfig", JOB_OPTIONAL, &auth },
	{ NULL, JOB_OPTIONAL, NULL },
};
static const struct shape image_config = STRUCT(image_members);

static const struct member eula_members[] = {
	{ "AcceptEula", JOB_REQUIRED, &boolean },
	{ NULL, JOB_OPTIONAL, NULL },
};
static const struct shape eula = STRUCT(eula_members);
static const struct shape hub_arn =
    TEXT(255, .pattern = ".*", .words = "one line");
static const struct member hub_members[] = {
	{ "HubContentArn", JOB_REQUIRED, &hub_arn },
	{ NULL, JOB_OPTIONAL, NULL },
};
static const struct shape hub = STRUCT(hub_members);
static const struct shape model_data_type = ONE_OF(model_data_types);
static const struct member model_source_members[] = {
	{ "S3Uri", JOB_REQUIRED, &uri },
	{ "S3DataType", JOB_REQUIRED, &model_data_type },
	{ "CompressionType", JOB_REQUIRED, &compression },
	{ "ModelAccessConfig", JOB_OPTIONAL, &eula },
	{ "HubAccessConfig", JOB_OPTIONAL, &hub },
	{ "ManifestS3Uri", JOB_OPTIONAL, &uri },
	{ "ETag", JOB_OPTIONAL, &any_text },
	{ "ManifestEtag", JOB_OPTIONAL, &any_text },
	{ NULL, JOB_OPTIONAL, NULL },
};
static const struct shape model_s3_source = STRUCT(model_source_members);
static const struct member model_data_members[] = {
	{ "S3DataSource", JOB_OPTIONAL, &model_s3_source },
	{ NULL, JOB_OPTIONAL, NULL },
};
static const struct shape model_data = STRUCT(model_data_members);
static const struct shape channel_name = { .kind = JOB_STRING,
	.least = 1,
	.most = 64,
	.pattern = "[A-Za-z0-9.\\-_]+",
	.words = "letters, digits and . - _" };
static const struct member more_data_members[] = {
	{ "ChannelName", JOB_REQUIRED, &channel_name },
	{ "S3DataSource", JOB_REQUIRED, &model_s3_source },
	{ NULL, JOB_OPTIONAL, NULL },
};
static const struct shape more_data = STRUCT(more_data_members);
static const struct shape more_data_list = LIST(0, 5, &more_data);

static const struct shape model_key = VARIABLE_NAME;
static const struct shape model_value = TEXT(1024, .pattern = NULL);
static const struct shape model_environment =
    MAP(100, &model_key, &model_value);
static const struct shape package_name = { .kind = JOB_STRING,
	.least = 1,
	.most = 176,
	.pattern = "(arn:aws[a-z\\-]*:sagemaker:[a-z0-9\\-]*:[0-9]{12}:"
		   "[a-z\\-]*/)?[a-zA-Z0-9]([a-zA-Z0-9\\-]{0,61}[a-zA-Z0-9])?"
		   "(/[0-9]{1,9})?",
	.words = "a model package's name or ARN" };
static const struct shape cache_setting = ONE_OF(cache_settings);
static const struct member cache_members[] = {
	{ "ModelCacheSetting", JOB_OPTIONAL, &cache_setting },
	{ NULL, JOB_OPTIONAL, NULL },
};
static const struct shape multi_model = STRUCT(cache_members);
static const struct shape model_mode = ONE_OF(model_modes);
static const struct member container_members[] = {
	{ "ContainerHostname", JOB_OPTIONAL, &host_name },
	{ "Image", JOB_OPTIONAL, &image },
	{ "ImageConfig", JOB_OPTIONAL, &image_config },
	{ "Mode", JOB_OPTIONAL, &model_mode },
	{ "ModelDataUrl", JOB_OPTIONAL, &uri },
	{ "ModelDataSource", JOB_OPTIONAL, &model_data },
	{ "AdditionalModelDataSources", JOB_OPTIONAL, &more_data_list },
	{ "Environment", JOB_OPTIONAL, &model_environment },
	{ "ModelPackageName", JOB_OPTIONAL, &package_name },
	{ "InferenceSpecificationName", JOB_OPTIONAL, &name_63 },
	{ "MultiModelConfig", JOB_OPTIONAL, &multi_model },
	{ NULL, JOB_OPTIONAL, NULL },
};
static const struct shape container = STRUCT(container_members);
/* The model allows none; the text says that there is one. */
static const struct shape containers = LIST(1, 15, &container);

static const struct shape execution_mode = ONE_OF(execution_modes);
static const struct member execution_members[] = {
	{ "Mode", JOB_REQUIRED, &execution_mode },
	{ NULL, JOB_OPTIONAL, NULL },
};
static const struct shape execution = STRUCT(execution_members);
static const struct shape role_arn = { .kind = JOB_STRING,
	.least = 20,
	.most = 2048,
	.pattern = "arn:aws[a-z\\-]*:iam::[0-9]{12}:role/?"
		   "[a-zA-Z_0-9+=,.@\\-/]+",
	.words = "arn:aws:iam::ACCOUNT:role/NAME" };
static const struct shape network_id = TEXT(
    32, .pattern = "[\\-0-9a-zA-Z]+", .words = "letters, digits and hyphens");
static const struct shape groups = LIST(1, 5, &network_id);
static const struct shape subnets = LIST(1, 16, &network_id);
static const struct member network_members[] = {
	{ "SecurityGroupIds", JOB_REQUIRED, &groups },
	{ "Subnets", JOB_REQUIRED, &subnets },
	{ NULL, JOB_OPTIONAL, NULL },
};
static const struct shape network = STRUCT(network_members);
static const struct member model_members[] = {
	{ "ModelName", JOB_REQUIRED, &model_name },
	{ "PrimaryContainer", JOB_OPTIONAL, &container },
	{ "Containers", JOB_OPTIONAL, &containers },
	{ "InferenceExecutionConfig", JOB_OPTIONAL, &execution },
	{ "ExecutionRoleArn", JOB_OPTIONAL, &role_arn },
	{ "Tags", JOB_OPTIONAL, &tags },
	{ "VpcConfig", JOB_OPTIONAL, &network },
	{ "EnableNetworkIsolation", JOB_OPTIONAL, &boolean },
	{ NULL, JOB_OPTIONAL, NULL },
};
const struct shape job_model_shape = STRUCT(model_members);

const struct member *
job_shape_member(const struct shape *shape, const char *name)
{
	const struct member *m;

	for (m = shape->members; m->name != NULL; m++)
		if (strcmp(m->name, name) == 0)
			return m;
	return NULL;
}
