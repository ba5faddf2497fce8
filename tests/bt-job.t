#!/bin/sh
# Requests of transform jobs: what is taken, what is not, what becomes of them.
. "${0%/*}/lib.sh"

# request [FILE]: a small one.
request() {
	cat >"${1:-job.json}" <<-END
	{ "TransformJobName": "job-1", "ModelName": "m",
	  "TransformInput": { "DataSource": { "S3DataSource":
	      { "S3DataType": "S3Prefix", "S3Uri": "s3://b/in/" } } },
	  "TransformOutput": { "S3OutputPath": "s3://b/out" },
	  "TransformResources": { "InstanceType": "ml.m5.large", "InstanceCount": 1 } }
	END
}

ok 'the assignments, and what is assigned where nothing is said' '
	request
	bt-job job.json >out
	same out <<-END
	TransformJobName='\''job-1'\''
	ModelName='\''m'\''
	MaxConcurrentTransforms='\'\''
	MaxPayloadInMB='\'\''
	BatchStrategy='\'\''
	InvocationsTimeoutInSeconds='\''600'\''
	InvocationsMaxRetries='\''3'\''
	S3DataType='\''S3Prefix'\''
	S3Uri='\''s3://b/in/'\''
	ContentType='\'\''
	CompressionType='\''None'\''
	SplitType='\''None'\''
	S3OutputPath='\''s3://b/out'\''
	Accept='\'\''
	AssembleWith='\''None'\''
	KmsKeyId='\'\''
	InputFilter='\''\$'\''
	OutputFilter='\''\$'\''
	JoinSource='\''None'\''
	CaptureUri='\'\''
	CaptureKmsKeyId='\'\''
	GenerateInferenceId='\''false'\''
	InstanceCount='\''1'\''
	EnvironmentCount='\''0'\''
	ContainerCount='\''0'\''
	END
'
finish
