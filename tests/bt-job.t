#!/bin/sh
# Requests of transform jobs: what is taken, what is not, what becomes of them.
# shellcheck disable=SC1003,SC2086,SC2120 # quotes in quotes; words to split
. "${0%/*}/lib.sh"

# request: a small one, in job.json.
request() {
	cat >job.json <<-END
	{ "TransformJobName": "job-1", "ModelName": "m",
	  "TransformInput": { "DataSource": { "S3DataSource":
	      { "S3DataType": "S3Prefix", "S3Uri": "s3://b/in/" } } },
	  "TransformOutput": { "S3OutputPath": "s3://b/out" },
	  "TransformResources": { "InstanceType": "ml.m5.large", "InstanceCount": 1 } }
	END
}

# with MEMBERS: the small one with these in it, in with.json.
with() {
	request
	jq -c ". * $1" job.json >with.json
}

# wrong MEMBERS LINE ...: what is said of it, all of it, and nothing printed.
wrong() {
	with "$1"
	shift
	fails 1 bt-job $strict with.json >out
	test ! -s out
	printf "bt-job: %s\n" "$@" | same "$tmp/err"
}

# right MEMBERS
right() {
	with "$1"
	bt-job --check $strict with.json >out 2>&1
	test ! -s out
}
strict=

ok 'what a job keeps of its request and its model' '
	with "{\"MaxPayloadInMB\": 2}"
	mkdir models new
	printf "{ \"PrimaryContainer\":\n{\"Image\":\"identity\"},  \"ModelName\": \"m\" }" >models/m.json
	bt-job --json --max-payload-in-mb 1 with.json >want
	bt-job --model models/m.json --max-payload-in-mb 1 with.json >assigned
	for model in "--models models" "--model models/m.json"; do
		rm -f new/*
		bt-job --keep new $model --max-payload-in-mb 1 with.json | cmp assigned -
		cmp want new/request.json
		cmp models/m.json new/model.json
	done
	rm new/*
	fails 1 bt-job --keep new --models models --model-name other with.json
	same "$tmp/err" <<-END
	bt-job: model other: no --model, and no file models/other.json
	END
	fails 1 bt-job --keep new --models models --max-payload-in-mb 101 with.json
	echo "{}" >models/m.json
	fails 1 bt-job --keep new --models models with.json
	said "bt-job: models/m.json: ModelName: missing"
	test -z "$(ls new)"
	fails 1 bt-job --keep gone with.json
	said "bt-job: gone/request.json: No such file or directory"
	fails 2 bt-job --keep new --json with.json
	fails 2 bt-job --model models/m.json --models models with.json
'
ok 'the assignments, and what is assigned where nothing is said' '
	request
	bt-job job.json >out
	same out <<-\END
	TransformJobName='\''job-1'\''
	TransformJobArn='\''arn:aws:sagemaker:local:000000000000:transform-job/job-1'\''
	ModelName='\''m'\''
	MaxConcurrentTransforms='\'\''
	MaxPayloadInMB='\'\''
	BatchStrategy='\'\''
	DefaultMaxConcurrentTransforms='\''1'\''
	DefaultMaxPayloadInMB='\''6'\''
	DefaultBatchStrategy='\''MultiRecord'\''
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
	InputFilter='\''$'\''
	OutputFilter='\''$'\''
	JoinSource='\''None'\''
	CaptureUri='\'\''
	CaptureKmsKeyId='\'\''
	GenerateInferenceId='\''false'\''
	InstanceCount='\''1'\''
	EnvironmentCount='\''0'\''
	ContainerCount='\''0'\''
	END
'
ok 'all that a request can say, from standard input' '
	bt-job - >out <<-\END
	{ "TransformJobName": "all", "ModelName": "m-1",
	  "MaxConcurrentTransforms": 4, "MaxPayloadInMB": 0, "BatchStrategy": "SingleRecord",
	  "ModelClientConfig": { "InvocationsTimeoutInSeconds": 3600, "InvocationsMaxRetries": 0 },
	  "Environment": { "b": "2", "a": "1=1", "_": "" },
	  "TransformInput": { "DataSource": { "S3DataSource":
	      { "S3DataType": "ManifestFile", "S3Uri": "https://h/in" } },
	    "ContentType": "application/jsonlines", "CompressionType": "Gzip", "SplitType": "Line" },
	  "TransformOutput": { "S3OutputPath": "file:///tmp/out", "Accept": "application/jsonlines",
	    "AssembleWith": "Line", "KmsKeyId": "alias/a" },
	  "DataCaptureConfig": { "DestinationS3Uri": "file://localhost/cap", "KmsKeyId": "k",
	    "GenerateInferenceId": true },
	  "TransformResources": { "InstanceType": "local", "InstanceCount": 3,
	    "VolumeKmsKeyId": "v", "TransformAmiVersion": "al2-ami" },
	  "DataProcessing": { "InputFilter": "$.features", "OutputFilter": "$['\''id'\'','\''SageMakerOutput'\'']",
	    "JoinSource": "Input" },
	  "Tags": [ { "Key": "k", "Value": "" } ],
	  "ExperimentConfig": { "ExperimentName": "e", "TrialName": "t",
	    "TrialComponentDisplayName": "d", "RunName": "r" } }
	END
	same out <<-\END
	TransformJobName='\''all'\''
	TransformJobArn='\''arn:aws:sagemaker:local:000000000000:transform-job/all'\''
	ModelName='\''m-1'\''
	MaxConcurrentTransforms='\''4'\''
	MaxPayloadInMB='\''0'\''
	BatchStrategy='\''SingleRecord'\''
	DefaultMaxConcurrentTransforms='\''1'\''
	DefaultMaxPayloadInMB='\''6'\''
	DefaultBatchStrategy='\''MultiRecord'\''
	InvocationsTimeoutInSeconds='\''3600'\''
	InvocationsMaxRetries='\''0'\''
	S3DataType='\''ManifestFile'\''
	S3Uri='\''https://h/in'\''
	ContentType='\''application/jsonlines'\''
	CompressionType='\''Gzip'\''
	SplitType='\''Line'\''
	S3OutputPath='\''/tmp/out'\''
	Accept='\''application/jsonlines'\''
	AssembleWith='\''Line'\''
	KmsKeyId='\''alias/a'\''
	InputFilter='\''$.features'\''
	OutputFilter='\''$['\''\'\'''\''id'\''\'\'''\'','\''\'\'''\''SageMakerOutput'\''\'\'''\'']'\''
	JoinSource='\''Input'\''
	CaptureUri='\''/cap'\''
	CaptureKmsKeyId='\''k'\''
	GenerateInferenceId='\''true'\''
	InstanceCount='\''3'\''
	EnvironmentCount='\''3'\''
	Environment1='\''_='\''
	Environment2='\''a=1=1'\''
	Environment3='\''b=2'\''
	ContainerCount='\''0'\''
	END
'
ok 'any value comes through eval as it is, in any shell' '
	with "{ \"Environment\": { \"A\": \"it'\''s \$HOME \`id\` \\\\\\\\ \\\"q\\\" *\\n\\ttwo\\u0001\\u00e9\\n\" } }"
	jq -j ".Environment.A" with.json >want
	test "$(wc -c <want)" -gt 20
	for shell in sh bash dash "busybox sh" zsh ksh; do
		command -v "${shell%% *}" || continue
		bt-job with.json >job
		$shell -c "eval \"\$(cat job)\"; printf %s \"\${Environment1#A=}\"" >got
		cmp want got
	done
'
ok '--json is the whole request, in one spelling, and reads as the same' '
	with "{ \"Tags\": [{ \"Value\": \"\\u00e9\", \"Key\": \"k\" }], \"Environment\": { \"b\": \"\", \"a\": \"1\" },
		\"DataProcessing\": { \"OutputFilter\": \"\$\", \"InputFilter\": \"\$\" } }"
	bt-job --json --max-payload-in-mb 7 with.json >json
	same json <<-\END
	{
	    "TransformJobName": "job-1",
	    "ModelName": "m",
	    "MaxPayloadInMB": 7,
	    "Environment": {
	        "a": "1",
	        "b": ""
	    },
	    "TransformInput": {
	        "DataSource": {
	            "S3DataSource": {
	                "S3DataType": "S3Prefix",
	                "S3Uri": "s3://b/in/"
	            }
	        }
	    },
	    "TransformOutput": {
	        "S3OutputPath": "s3://b/out"
	    },
	    "TransformResources": {
	        "InstanceType": "ml.m5.large",
	        "InstanceCount": 1
	    },
	    "DataProcessing": {
	        "InputFilter": "$",
	        "OutputFilter": "$"
	    },
	    "Tags": [
	        {
	            "Key": "k",
	            "Value": "é"
	        }
	    ]
	}
	END
	bt-job --json json | cmp - json
	bt-job json >one
	bt-job --max-payload-in-mb=7 with.json | cmp - one
'
ok 'all that is wrong is told, where, and what is wanted' '
	cat >bad.json <<-\END
	{ "TransformJobName": "a_b", "Bogus": 1,
	  "MaxConcurrentTransforms": "4", "MaxPayloadInMB": 101, "BatchStrategy": "multirecord",
	  "ModelClientConfig": { "InvocationsTimeoutInSeconds": 0, "InvocationsMaxRetries": 1.5 },
	  "Environment": { "1A": "x", "B": true },
	  "TransformInput": { "DataSource": { "S3DataSource": { "S3DataType": "Converse", "S3Uri": "ftp://h/in" } },
	    "SplitType": "line", "ContentType": "text/csv\nX: y" },
	  "TransformOutput": { "Accept": [], "KmsKeyId": "a b" },
	  "DataCaptureConfig": {},
	  "TransformResources": { "InstanceType": null, "InstanceCount": 2147483648 },
	  "Tags": [ { "Key": "" }, "x" ],
	  "ExperimentConfig": { "RunName": "-" } }
	END
	fails 1 bt-job bad.json >out
	test ! -s out
	sed "s/^bt-job: bad.json: //" "$tmp/err" >got
	same got <<-\END
	TransformJobName: found "a_b", want letters, digits, and hyphens that neither begin nor end it
	ModelName: missing; give letters, digits, and hyphens that neither begin nor end it
	MaxConcurrentTransforms: found "4", want a whole number, 0 to 2147483647
	ModelClientConfig.InvocationsTimeoutInSeconds: found 0, want a whole number, 1 to 3600
	ModelClientConfig.InvocationsMaxRetries: found 1.5, want a whole number, 0 to 3
	MaxPayloadInMB: found 101, want a whole number, 0 to 100
	BatchStrategy: found "multirecord", want MultiRecord or SingleRecord
	Environment.1A: found "1A", want letters, digits and _, no digit first
	Environment.B: found true, want a string
	TransformInput.DataSource.S3DataSource.S3DataType: found "Converse", want ManifestFile or S3Prefix (AugmentedManifestFile and Converse are for other jobs)
	TransformInput.DataSource.S3DataSource.S3Uri: found "ftp://h/in", want s3://BUCKET/KEY, or https://, file:///PATH or PATH
	TransformInput.ContentType: found "text/csv\nX: y", want one line
	TransformInput.SplitType: found "line", want None, Line, RecordIO or TFRecord
	TransformOutput.S3OutputPath: missing; give s3://BUCKET/KEY, or https://, file:///PATH or PATH
	TransformOutput.Accept: found an array, want one line
	TransformOutput.KmsKeyId: found "a b", want a key'\''s id, alias or ARN: letters, digits and : / _ -
	DataCaptureConfig.DestinationS3Uri: missing; give s3://BUCKET/KEY, or https://, file:///PATH or PATH
	TransformResources.InstanceType: found null, want a string
	TransformResources.InstanceCount: found 2147483648, want a whole number, 1 to 100
	Tags[0].Key: found 0 characters, want 1 to 128
	Tags[0].Value: missing; give letters, digits, blanks and _ . : / = + - @
	Tags[1]: found "x", want an object
	ExperimentConfig.RunName: found "-", want letters, digits, and hyphens that neither begin nor end it
	Bogus: no such member, want TransformJobName, ModelName, MaxConcurrentTransforms, ModelClientConfig, MaxPayloadInMB, BatchStrategy, Environment, TransformInput, TransformOutput, DataCaptureConfig, TransformResources, DataProcessing, Tags or ExperimentConfig
	END
'
ok 'length is in characters' '
	name=$(printf %063d 0)
	right "{ \"TransformJobName\": \"$name\" }"
	wrong "{ \"TransformJobName\": \"0$name\" }" \
	    "with.json: TransformJobName: found 64 characters, want 1 to 63"
	value=$(head -c 10240 /dev/zero | sed "s/\x00/é/g")
	right "{ \"Environment\": { \"A\": \"$value\" } }"
	wrong "{ \"Environment\": { \"A\": \"é$value\" } }" \
	    "with.json: Environment.A: found 10241 characters, want at most 10240"
	wrong "{ \"MaxPayloadInMB\": \"$(printf %0100d 0)\" }" \
	    "with.json: MaxPayloadInMB: found \"$(printf %063d 0)..., want a whole number, 0 to 100"
'
ok 'what is no JSON, and where' '
	bad() {
		printf "$1" >bad.json
		fails 1 bt-job --check bad.json
		echo "bt-job: $2" | same "$tmp/err"
	}
	bad "{ \"a\": 1,\n  \"b\" 2 }" "bad.json: line 2, column 7: '\'':'\'' expected near '\''2'\''"
	bad "{ \"ModelName\": \"a\",\n \"ModelName\": \"b\" }" \
	    "bad.json: line 2, column 12: duplicate object key near '\''\"ModelName\"'\''"
	bad "{ \"ModelName\": \"\\377\" }" "bad.json: line 1, column 16: unable to decode byte 0xff near '\''\"'\''"
	bad "" "bad.json: line 1, column 0: '\''['\'' or '\''{'\'' expected near end of file"
	bad "{} {}" "bad.json: line 1, column 4: end of file expected near '\''{'\''"
	bad "[]" "bad.json: found an array, want an object"
	fails 1 bt-job missing.json
	echo "bt-job: missing.json: No such file or directory" | same "$tmp/err"
'
ok 'payload times concurrency is at most 100, without overflow' '
	right "{ \"MaxConcurrentTransforms\": 16 }"
	wrong "{ \"MaxConcurrentTransforms\": 17 }" \
	    "with.json: MaxConcurrentTransforms: found 17, which times MaxPayloadInMB (6 by default) is 102, want at most 100"
	right "{ \"MaxConcurrentTransforms\": 100, \"MaxPayloadInMB\": 1 }"
	right "{ \"MaxConcurrentTransforms\": 2147483647, \"MaxPayloadInMB\": 0 }"
	right "{ \"MaxConcurrentTransforms\": 0, \"MaxPayloadInMB\": 100 }"
	wrong "{ \"MaxConcurrentTransforms\": 2, \"MaxPayloadInMB\": 51 }" \
	    "with.json: MaxConcurrentTransforms: found 2, which times MaxPayloadInMB (51) is 102, want at most 100"
	wrong "{ \"MaxConcurrentTransforms\": 2147483647, \"MaxPayloadInMB\": 2 }" \
	    "with.json: MaxConcurrentTransforms: found 2147483647, which times MaxPayloadInMB (2) is 4294967294, want at most 100"
'

# kinds INPUT ACCEPT SPLIT ASSEMBLE PROCESSING: members, - for none.
kinds() {
	jq -nc --arg i "$1" --arg a "$2" --arg s "$3" --arg w "$4" --argjson p "$5" "
	    def set(\$k; \$v): if \$v == \"-\" then . else .[\$k] = \$v end;
	    { TransformInput: ({} | set(\"ContentType\"; \$i) | set(\"SplitType\"; \$s)),
	      TransformOutput: ({} | set(\"Accept\"; \$a) | set(\"AssembleWith\"; \$w)),
	      DataProcessing: \$p }"
}

ok 'numbers of more than 64 bits and U+0000 are told with all else' '
	cat >big.json <<-\END
	{"TransformJobName":"a b","ModelName":"m\u0000","MaxPayloadInMB":9223372036854775808,
	"MaxConcurrentTransforms":-92233720368547758090,
	"TransformInput":{"ContentType":"\\\"12345678901234567890",
	"DataSource":{"S3DataSource":{"S3DataType":"S3Prefix","S3Uri":"s3://b/"}}},
	"TransformOutput":{"S3OutputPath":"s3://b/o"},
	"Environment":{"K":"\u0000\u0000","N":12345678901234567890123,"E":-1e400}}
	END
	fails 1 bt-job --check big.json
	same "$tmp/err" <<-\END
	bt-job: big.json: TransformJobName: found "a b", want letters, digits, and hyphens that neither begin nor end it
	bt-job: big.json: ModelName: found "m\u0000", want text without U+0000
	bt-job: big.json: MaxConcurrentTransforms: found -9.2233720368547758e19, want a whole number, 0 to 2147483647
	bt-job: big.json: MaxPayloadInMB: found 9.2233720368547758e18, want a whole number, 0 to 100
	bt-job: big.json: Environment.K: found "\u0000\u0000", want text without U+0000
	bt-job: big.json: Environment.N: found 1.2345678901234568e22, want a string
	bt-job: big.json: Environment.E: found -1.0000000000000001e300, want a string
	END
	fails 1 bt-job --check --cli-input-json "$(tr -d "\n" <big.json)"
	test "$(wc -l <"$tmp/err")" = 7
	printf "{\"ModelName\":%0400d, \"a\" 1}" 1 >bad.json
	fails 1 bt-job --check bad.json
	said "bt-job: bad.json: line 1, column "
	echo "{\"ModelName\":\"m\\u0000\",\"PrimaryContainer\":{\"Image\":\"xgboost\"}}" >model.json
	request
	fails 1 bt-job --model model.json job.json
	said "bt-job: model.json: ModelName: found \"m\\u0000\", want text without U+0000"
'
ok 'inference ids have a type that has them' '
	ids="\"DataCaptureConfig\":{\"DestinationS3Uri\":\"s3://b/c\",\"GenerateInferenceId\":true}"
	any="want text/csv, application/json or application/jsonlines for DataCaptureConfig.GenerateInferenceId"
	for type in application/x-recordio-protobuf image/png text/plain; do
		wrong "{\"TransformOutput\":{\"Accept\":\"$type\"},$ids}" \
		    "with.json: TransformOutput.Accept: found \"$type\", $any"
	done
	right "{\"TransformOutput\":{\"Accept\":\"application/json\"},$ids}"
	right "{$ids}"
	right "{\"TransformOutput\":{\"Accept\":\"image/png\"},$(echo "$ids" | sed s/true/false/)}"
'
ok 'a join of CSV and JSON is of lines, and not the service'\''s' '
	join="{\"JoinSource\":\"Input\"}"
	right "$(kinds text/csv application/json Line Line "$join")"
	right "$(kinds text/csv application/jsonlines Line Line "{\"JoinSource\":\"Input\",\"OutputFilter\":\"\$.label\"}")"
	right "$(kinds application/jsonlines text/csv Line Line "{\"JoinSource\":\"Input\",\"OutputFilter\":\"\$.SageMakerOutput\"}")"
	wrong "$(kinds application/json text/csv - None "$join")" \
	    "with.json: TransformInput.SplitType: missing; give Line for JoinSource Input of CSV and JSON" \
	    "with.json: TransformOutput.AssembleWith: found \"None\", want Line for JoinSource Input of CSV and JSON"
	strict=--strict
	wrong "$(kinds text/csv application/json Line Line "$join")" \
	    "with.json: TransformOutput.Accept: found \"application/json\", want TransformInput.ContentType'\''s value for JoinSource Input"
	wrong "$(kinds application/jsonlines text/csv Line Line "$join")" \
	    "with.json: TransformOutput.Accept: found \"text/csv\", want TransformInput.ContentType'\''s value for JoinSource Input"
	strict=
'
ok 'a join is of one type, cut and put together alike' '
	join="{\"JoinSource\":\"Input\"}"
	right "$(kinds text/csv "TEXT/CSV; charset=utf-8" Line Line "$join")"
	right "$(kinds application/jsonlines application/jsonlines Line Line "$join")"
	right "$(kinds application/jsonlines application/jsonlines - None "$join")"
	right "$(kinds application/json application/json - - "$join")"
	right "$(kinds image/png - RecordIO None "{\"JoinSource\":\"None\"}")"
	any="text/csv, application/json or application/jsonlines for JoinSource Input"
	wrong "$(kinds - - - - "$join")" \
	    "with.json: TransformInput.ContentType: missing; give $any" \
	    "with.json: TransformOutput.Accept: missing; give $any"
	wrong "$(kinds application/jsonlines application/json Line Line "$join")" \
	    "with.json: TransformOutput.Accept: found \"application/json\", want TransformInput.ContentType'\''s value for JoinSource Input"
	wrong "$(kinds text/csv text/csv - - "$join")" \
	    "with.json: TransformInput.SplitType: missing; give Line for JoinSource Input on text/csv" \
	    "with.json: TransformOutput.AssembleWith: missing; give Line for JoinSource Input on text/csv"
	wrong "$(kinds application/jsonlines application/jsonlines Line - "$join")" \
	    "with.json: TransformOutput.AssembleWith: missing; give TransformInput.SplitType'\''s value for JoinSource Input"
'
ok 'filters are JSONPath, of the type that they read' '
	right "$(kinds text/csv application/json Line - "{\"InputFilter\":\"\$[:14]\",\"OutputFilter\":\"\$['\''class'\'']\"}")"
	right "$(kinds - - - - "{\"InputFilter\":\"\$\",\"OutputFilter\":\"\"}")"
	wrong "$(kinds text/plain - Line - "{\"InputFilter\":\"\$[1:]\"}")" \
	    "with.json: TransformInput.ContentType: found \"text/plain\", want text/csv, application/json or application/jsonlines for DataProcessing.InputFilter"
	wrong "$(kinds text/csv - Line - "{\"InputFilter\":\"\$.a\"}")" \
	    "with.json: DataProcessing.InputFilter: found \"\$.a\", want columns by number, from 0, for text/csv"
	wrong "$(kinds text/csv - Line - "{\"InputFilter\":\"features\"}")" \
	    "with.json: DataProcessing.InputFilter: found \"features\": byte 0: a path begins with \$"
	wrong "$(kinds application/json application/json - - "{\"OutputFilter\":\"\$[\"}")" \
	    "with.json: DataProcessing.OutputFilter: found \"\$[\": byte 2: no name in quotes, index, slice, * or ? in brackets"
'
ok 'options of the AWS CLI take the place of members' '
	request
	bt-job --model-name other --environment A=1,B=two --tags Key=a,Value=b Key=c,Value= \
	    --model-client-config InvocationsMaxRetries=1,InvocationsTimeoutInSeconds=60 \
	    --data-capture-config DestinationS3Uri=s3://b/c,GenerateInferenceId=true \
	    --batch-strategy=MultiRecord --json -- job.json | jq -c "del(.TransformInput,.TransformOutput)" >out
	same out <<-\END
	{"TransformJobName":"job-1","ModelName":"other","ModelClientConfig":{"InvocationsTimeoutInSeconds":60,"InvocationsMaxRetries":1},"BatchStrategy":"MultiRecord","Environment":{"A":"1","B":"two"},"DataCaptureConfig":{"DestinationS3Uri":"s3://b/c","GenerateInferenceId":true},"TransformResources":{"InstanceType":"ml.m5.large","InstanceCount":1},"Tags":[{"Key":"a","Value":"b"},{"Key":"c","Value":""}]}
	END
	# The whole member: nothing of the document is left in it.
	fails 1 bt-job --check --transform-input ContentType=text/csv job.json
	same "$tmp/err" <<-\END
	bt-job: --transform-input: TransformInput.DataSource: missing; give an object
	END
'
ok 'a request of options alone: shorthand, JSON, files' '
	printf "{\"S3OutputPath\": \"out\"}" >output.json
	printf "S3OutputPath=out" >output
	printf one >name
	for output in S3OutputPath=out "{\"S3OutputPath\": \"out\"}" file://output.json fileb://output; do
		bt-job --transform-job-name file://name --model-name m --transform-output "$output" \
		    --transform-input "DataSource = { S3DataSource = { S3DataType=S3Prefix, S3Uri='\''a,b'\'' } }, SplitType=Line" \
		    --tags "[{\"Key\":\"a\",\"Value\":\"b\"}]" --json >json
		jq -c . json >got
		same got <<-\END
		{"TransformJobName":"one","ModelName":"m","TransformInput":{"DataSource":{"S3DataSource":{"S3DataType":"S3Prefix","S3Uri":"a,b"}},"SplitType":"Line"},"TransformOutput":{"S3OutputPath":"out"},"Tags":[{"Key":"a","Value":"b"}]}
		END
	done
	bt-job --cli-input-json file://json | cmp - <<-END
	$(bt-job json)
	END
	bt-job --cli-input-json json --check
	bt-job --cli-input-json "$(cat json)" --check
	bt-job --cli-input-json json --tags "{\"Key\":\"x\",\"Value\":\"y\"}" "Key=z,Value@=file://name" --json | jq -c .Tags >got
	same got <<-\END
	[{"Key":"x","Value":"y"},{"Key":"z","Value":"one"}]
	END
'
ok 'options that cannot be read' '
	request
	refused() {
		fails 2 bt-job "$1" "$2" job.json
		printf "%s\n" "bt-job: $3" | same "$tmp/err"
	}
	refused --environment "A=\"x\"y" "--environment: byte 5 of A=\"x\"y: found y, want a comma"
	refused --environment A "--environment: byte 1 of A: found the end, want = after a name"
	refused --environment "A={B=c" "--environment: byte 6 of A={B=c: found the end, want a comma or }"
	refused --environment "A=1,A=2" "--environment: byte 7 of A=1,A=2: a second value of A"
	refused --environment "{\"A\": 1" "--environment: line 1, column 7: '\''}'\'' expected near end of file"
	refused --environment "A@=file://gone" "--environment: byte 14 of A@=file://gone: gone: No such file or directory"
	refused --model-name file://gone "--model-name: gone: No such file or directory"
	refused --cli-input-json "{}" "job.json: --cli-input-json is given too"
	fails 1 bt-job --check --max-payload-in-mb six --data-capture-config GenerateInferenceId=yes,DestinationS3Uri=c job.json
	same "$tmp/err" <<-\END
	bt-job: --max-payload-in-mb: MaxPayloadInMB: found "six", want a whole number, 0 to 100
	bt-job: --data-capture-config: DataCaptureConfig.GenerateInferenceId: found "yes", want true or false
	END
	fails 1 bt-job --check --model-name m
	said "bt-job: command line: TransformJobName: missing; give"
'

# model CONTAINER ...: a CreateModel request in model.json.
model() {
	printf "%s\n" "$@" | jq -sc "{ ModelName: \"m\" } +
	    if length == 1 then { PrimaryContainer: .[0] } else { Containers: . } end" >model.json
}

# container IMAGE: all that is assigned of it, in a line.
container() {
	model "{\"Image\":\"$1\",\"ModelDataUrl\":\"${2:-s3://b/model.tar.gz}\"}"
	bt-job --model model.json job.json | sed -n "/^Container/p" | xargs
}

ok 'a model, and the plugins that its images stand for' '
	request
	container xgboost file:///m >got
	same got <<-\END
	ContainerCount=1 Container1_Image=xgboost Container1_Plugin=xgboost Container1_ModelDataUrl=/m
	END
	while read -r image plugin; do
		container "$image" >got
		same got <<-END
		ContainerCount=1 Container1_Image=$image Container1_Plugin=$plugin Container1_ModelDataUrl=s3://b/model.tar.gz
		END
	done <<-\END
	my_plugin my_plugin
	./lib/mine.so ./lib/mine.so
	683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:1.7-1 xgboost
	811284229777.dkr.ecr.us-east-1.amazonaws.com/xgboost:latest xgboost
	683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-scikit-learn:1.2-1-cpu-py3 python
	763104351884.dkr.ecr.cn-north-1.amazonaws.com.cn/pytorch-inference@sha256:00 python
	763104351884.dkr.ecr.us-east-1.amazonaws.com/huggingface-pytorch-inference:2.1 python
	END
	tf=763104351884.dkr.ecr.us-east-1.amazonaws.com/tensorflow-inference:2.14
	mkdir -p with/code without
	: >with/code/inference.py
	for url in "$PWD/with" "$PWD/m.tar.gz" s3://b/m/; do
		container "$tf" "$url"
	done >got
	sed "s,$PWD/,,; s,Container1_Image=$tf ,," got >out
	same out <<-\END
	ContainerCount=1 Container1_Plugin=python Container1_ModelDataUrl=with
	ContainerCount=1 Container1_Plugin=python Container1_ModelDataUrl=m.tar.gz
	ContainerCount=1 Container1_Plugin=python Container1_ModelDataUrl=s3://b/m/
	END
	model "{\"Image\":\"$tf\",\"ModelDataUrl\":\"$PWD/without\"}"
	fails 1 bt-job --model model.json job.json >out
	test ! -s out
	said "Image: found \"$tf\", want the name or path"
	for image in 382416733822.dkr.ecr.us-east-1.amazonaws.com/linear-learner:1 \
	    linear-learner; do
		model "{\"Image\":\"$image\"}"
		fails 1 bt-job --model model.json job.json >out
		sed "s/.*docker run ...\";//" "$tmp/err"
	done >"$tmp/got"
	same "$tmp/got" <<-END
	 examples/linear-learner/convert.py makes its model one of the plugin linear
	 examples/linear-learner/convert.py makes its model one of the plugin linear
	END
	# The algorithms that the page names.
	sed -n "/^So are the images/,/^the message/s/^\.P[fa] \(( Pa \)*//p" "$top/man/bt-job.1" |
	    tr -cs "a-z0-9-" "\n" | sed "/^\$/d; /^linear-learner\$/d" >algorithms
	wc -l <algorithms >got
	echo 15 | same got
	while read -r image; do
		model "{\"Image\":\"382416733822.dkr.ecr.us-east-1.amazonaws.com/$image:1\"}"
		fails 1 bt-job --model model.json job.json >out
		sed "s/.*docker run ...\";//" "$tmp/err"
	done <algorithms | sort -u >got
	same got <<-END
	 no plugin reads the models of this algorithm: the plugin python can run a script that does
	END
	model "{\"Image\":\"763104351884.dkr.ecr.us-east-1.amazonaws.com/tensorflow-inference:2.14\"}"
	fails 1 bt-job --model model.json job.json >out
	test ! -s out
	same "$tmp/err" <<-\END
	bt-job: model.json: PrimaryContainer.Image: found "763104351884.dkr.ecr.us-east-1.amazonaws.com/tensorflow-inference:2.14", want the name or path of a plugin (xgboost, python, http, onnx, linear, identity), or an image that one of them can run; any other image runs as http, with a command as ModelDataUrl, such as "docker run ..."
	END
	container http "docker run -p \$PORT:8080 image" >got
	same got <<-\END
	ContainerCount=1 Container1_Image=http Container1_Plugin=http Container1_ModelDataUrl=docker run -p $PORT:8080 image
	END
'
ok 'BT_FRAMEWORK is that of the image, and a script makes xgboost python' '
	request
	while read -r image environment; do
		model "{\"Image\":\"r.amazonaws.com/$image:1\",\"Environment\":$environment,\"ModelDataUrl\":\"s3://b/m/\"}"
		bt-job --model model.json job.json |
		    sed -n "/^Environment[1-9]/p; /Plugin/p" | xargs
	done >got <<-\END
	sagemaker-scikit-learn {}
	sagemaker-scikit-learn {"BT_FRAMEWORK":"","SAGEMAKER_PROGRAM":"a.py"}
	sagemaker-xgboost {}
	sagemaker-xgboost {"SAGEMAKER_PROGRAM":"a.py"}
	xgboost {"SAGEMAKER_PROGRAM":""}
	pytorch-inference {}
	mxnet-inference {}
	huggingface-tensorflow-inference {"HF_TASK":"t"}
	tensorflow-inference {}
	sagemaker-chainer {}
	END
	same got <<-\END
	Environment1=BT_FRAMEWORK=sklearn Container1_Plugin=python
	Environment1=BT_FRAMEWORK= Environment2=SAGEMAKER_PROGRAM=a.py Container1_Plugin=python
	Container1_Plugin=xgboost
	Environment1=BT_FRAMEWORK=xgboost Environment2=SAGEMAKER_PROGRAM=a.py Container1_Plugin=python
	Environment1=SAGEMAKER_PROGRAM= Container1_Plugin=xgboost
	Environment1=BT_FRAMEWORK=pytorch Container1_Plugin=python
	Environment1=BT_FRAMEWORK=mxnet Container1_Plugin=python
	Environment1=BT_FRAMEWORK=huggingface Environment2=HF_TASK=t Container1_Plugin=python
	Environment1=BT_FRAMEWORK=tensorflow Container1_Plugin=python
	Container1_Plugin=python
	END
'
ok 'containers in a row: what all have, and what each has of its own' '
	with "{ \"Environment\": { \"B\": \"job\", \"Z\": \"z\" } }"
	model "{\"Image\":\"python\",\"Environment\":{\"A\":\"1\",\"B\":\"2\",\"D\":\"3\"}}" \
	    "{\"Image\":\"xgboost\",\"Environment\":{\"A\":\"1\",\"C\":\"it'\''s\",\"D\":\"4\"}}"
	bt-job --model model.json with.json | sed -n "/^[CE][a-z]*[nv][a-z]*[0-9C]/p" >got
	same got <<-\END
	EnvironmentCount='\''3'\''
	Environment1='\''A=1'\''
	Environment2='\''B=job'\''
	Environment3='\''Z=z'\''
	ContainerCount='\''2'\''
	Container1_Image='\''python'\''
	Container1_Plugin='\''python'\''
	Container1_ModelDataUrl='\'\''
	Container1_EnvironmentCount='\''1'\''
	Container1_Environment1='\''D=3'\''
	Container2_Image='\''xgboost'\''
	Container2_Plugin='\''xgboost'\''
	Container2_ModelDataUrl='\'\''
	Container2_EnvironmentCount='\''2'\''
	Container2_Environment1='\''C=it'\''\'\'''\''s'\''
	Container2_Environment2='\''D=4'\''
	END
	bt-job --check --model model.json with.json
'
ok 'a model that is none' '
	request
	refused() {
		printf "%s" "$1" >model.json
		fails 1 bt-job --check --model model.json job.json
		printf "bt-job: %s\n" "$2" | same "$tmp/err"
	}
	refused "{\"ModelName\":\"n\",\"PrimaryContainer\":{\"Image\":\"xgboost\"}}" \
	    "job.json: ModelName: found \"m\", want \"n\", the name in model.json"
	refused "{\"ModelName\":\"m\"}" "model.json: PrimaryContainer: missing; give it or Containers"
	refused "{\"ModelName\":\"m\",\"PrimaryContainer\":{\"Image\":\"xgboost\"},\"Containers\":[{\"Image\":\"xgboost\"}]}" \
	    "model.json: Containers: found beside PrimaryContainer; give one of them"
	refused "{\"ModelName\":\"m\",\"Containers\":[{}]}" \
	    "model.json: Containers[0].Image: missing; give it or ModelPackageName"
	refused "{\"ModelName\":\"m\",\"PrimaryContainer\":{\"Image\":\"xgboost\",\"ModelDataSource\":{}}}" \
	    "model.json: PrimaryContainer.ModelDataSource: transform jobs do not support it; give ModelDataUrl"
	refused "{\"ModelName\":\"m\",\"PrimaryContainer\":{\"Image\":\"xgboost\",\"Mode\":\"Both\"}}" \
	    "model.json: PrimaryContainer.Mode: found \"Both\", want SingleModel or MultiModel"
'
ok '--strict takes what the service takes, no more' '
	request
	bt-job --check --strict job.json
	source="TransformInput\":{\"DataSource\":{\"S3DataSource\":{\"S3DataType\":\"S3Prefix\",\"S3Uri"
	path="with.json: TransformInput.DataSource.S3DataSource.S3Uri: found"
	long="\$['\''$(printf %059d 0)'\'']"
	for loose in "{\"$source\":\"data/in.csv\"}}}}" "{\"$source\":\"file:///in\"}}}}" \
	    "{\"TransformOutput\":{\"S3OutputPath\":\"out\"}}" \
	    "{\"TransformResources\":{\"InstanceType\":\"local\"}}" \
	    "$(kinds text/csv - - - "{\"InputFilter\":\"\$[0,5:]\"}")" \
	    "$(kinds application/json - - - "{\"InputFilter\":\"\$.a_b\"}")" \
	    "$(kinds application/json - - - "{\"InputFilter\":\"$long\"}")"; do
		right "$loose"
		with "$loose"
		fails 1 bt-job --check --strict with.json
		case $loose in
		*\"data/in.csv\"* | *\"file:///in\"* | *\"out\"*)
			bt-job --strict with.json >out
			bt-job --json --strict with.json >out ;;
		*)	fails 1 bt-job --strict with.json ;;
		esac
	done
	for never in "file:in" "file://in" "ftp://h/in" "s3:///k" ""; do
		with "{\"$source\":\"$never\"}}}}"
		case $never in
		file:in)	bt-job --check with.json ;;
		*)	fails 1 bt-job --check with.json ;;
		esac
	done
	jq -c "del(.TransformResources)" job.json >none.json
	bt-job --check none.json
	fails 1 bt-job --check --strict none.json
	echo "bt-job: none.json: TransformResources: missing; give an object" | same "$tmp/err"
	strict=--strict
	wrong "$(kinds application/json - - - "{\"InputFilter\":\"\$.a_b\"}")" \
	    "with.json: DataProcessing.InputFilter: found \"\$.a_b\": byte 3: unexpected \"_\" in a JsonPath; letters, digits and \$ [ ] * . space , : - '\'' are supported"
	model "{\"Image\":\"a.b/other:1\",\"ModelDataUrl\":\"s3://b/k\"}"
	bt-job --check --strict --model model.json job.json
	fails 1 bt-job --strict --model model.json job.json >out
'

# What notebooks of AWS ask for, as boto3 sends it.
ok 'requests that AWS shows' '
	strict=--strict
	right "{\"MaxConcurrentTransforms\":16,\"MaxPayloadInMB\":6,\"BatchStrategy\":\"SingleRecord\",
	    \"TransformInput\":{\"ContentType\":\"application/x-image\",\"SplitType\":\"None\",\"CompressionType\":\"None\"},
	    \"TransformResources\":{\"InstanceType\":\"ml.p2.xlarge\"}}"
	right "$(kinds text/csv - Line - "{}")"
	right "$(kinds text/csv text/csv Line Line "{\"InputFilter\":\"\$[1:]\",\"JoinSource\":\"Input\"}")"
	right "$(kinds text/csv text/csv Line Line "{\"InputFilter\":\"\$[1:]\",\"OutputFilter\":\"\$[0,-1]\",\"JoinSource\":\"Input\"}")"
	right "$(kinds application/jsonlines application/jsonlines Line Line \
	    "{\"InputFilter\":\"\$.features\",\"OutputFilter\":\"\$['\''id'\'','\''SageMakerOutput'\'']\",\"JoinSource\":\"Input\"}")"
	right "$(kinds text/csv application/json Line Line "{\"InputFilter\":\"\$[:14]\",\"OutputFilter\":\"\$['\''class'\'']\"}")"
	right "$(kinds application/x-recordio-protobuf - RecordIO None "{}")"
	right "{\"BatchStrategy\":\"MultiRecord\",\"ModelClientConfig\":{\"InvocationsTimeoutInSeconds\":3600,\"InvocationsMaxRetries\":1},
	    \"Environment\":{\"SAGEMAKER_MODEL_SERVER_TIMEOUT\":\"3600\"},\"MaxPayloadInMB\":100,\"MaxConcurrentTransforms\":1}"
	# Refused by the service: an index beside a slice.
	wrong "$(kinds text/csv text/csv Line Line "{\"OutputFilter\":\"\$[0,5:]\",\"JoinSource\":\"Input\"}")" \
	    "with.json: DataProcessing.OutputFilter: found \"\$[0,5:]\": byte 1: only single range filters of format (eg: [1:5]) are supported; [0,5:] is not"
'
ok 'command lines that are none' '
	request
	for words in "" "--strict" "--check --json job.json" "job.json job.json" "--describe" "--describe --check ." \
	    "--list" "--max-results 3 ." "--set-status Completed" "--failure-reason x ." "--object-prefix a=b job.json" \
	    "--list --object-prefix a=b ." "--describe --list ."; do
		fails 2 bt-job $words
		said "usage: bt-job"
	done
	fails 2 bt-job --describe --object-prefix a=b .
	echo "bt-job: --object-prefix of --describe: no longer an option: --set-status writes the reason" | same "$tmp/err"
	fails 1 bt-job job.json >/dev/full
	echo "bt-job: standard output: No space left on device" | same "$tmp/err"
'
ok 'an empty request, as the AWS CLI prints it' '
	bt-job --generate-cli-skeleton input >got
	same got <<-\END
	{
	    "TransformJobName": "",
	    "ModelName": "",
	    "MaxConcurrentTransforms": 0,
	    "ModelClientConfig": {
	        "InvocationsTimeoutInSeconds": 0,
	        "InvocationsMaxRetries": 0
	    },
	    "MaxPayloadInMB": 0,
	    "BatchStrategy": "MultiRecord",
	    "Environment": {
	        "KeyName": ""
	    },
	    "TransformInput": {
	        "DataSource": {
	            "S3DataSource": {
	                "S3DataType": "ManifestFile",
	                "S3Uri": ""
	            }
	        },
	        "ContentType": "",
	        "CompressionType": "None",
	        "SplitType": "None"
	    },
	    "TransformOutput": {
	        "S3OutputPath": "",
	        "Accept": "",
	        "AssembleWith": "None",
	        "KmsKeyId": ""
	    },
	    "DataCaptureConfig": {
	        "DestinationS3Uri": "",
	        "KmsKeyId": "",
	        "GenerateInferenceId": true
	    },
	    "TransformResources": {
	        "InstanceType": "ml.m4.xlarge",
	        "InstanceCount": 0,
	        "VolumeKmsKeyId": "",
	        "TransformAmiVersion": ""
	    },
	    "DataProcessing": {
	        "InputFilter": "",
	        "OutputFilter": "",
	        "JoinSource": "Input"
	    },
	    "Tags": [
	        {
	            "Key": "",
	            "Value": ""
	        }
	    ],
	    "ExperimentConfig": {
	        "ExperimentName": "",
	        "TrialName": "",
	        "TrialComponentDisplayName": "",
	        "RunName": ""
	    }
	}
	END
	for words in "" --strict "input job.json" "--model-name m"; do
		bt-job --generate-cli-skeleton $words >again
		cmp got again
	done
	bt-job --generate-cli-skeleton=input >again
	cmp got again
	BT_HOME=$PWD/home bt-transform create --generate-cli-skeleton input >again
	cmp got again
	BT_HOME=$PWD/home bt-transform --generate-cli-skeleton >again
	cmp got again
	test ! -e home
	fails 2 bt-job --generate-cli-skeleton output
	said "bt-job: --generate-cli-skeleton output:"
	fails 2 bt-job --generate-cli-skeleton --describe .
'
finish
