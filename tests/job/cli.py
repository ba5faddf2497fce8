"""Command lines as the AWS CLI reads them, and as bt-job does.

77 where there is no AWS CLI."""
import io
import json
import os
import subprocess
import sys

try:
    import awscli.clidriver
except ImportError:
    sys.exit(77)

S3 = "S3DataSource={S3DataType=S3Prefix,S3Uri=s3://b/in/}"
NEEDED = [
    "--transform-job-name", "job", "--model-name", "m",
    "--transform-input", "DataSource={" + S3 + "}",
    "--transform-output", "S3OutputPath=s3://b/out",
    "--transform-resources", "InstanceType=ml.m5.large,InstanceCount=1",
]
FILES = {
    "request.json": json.dumps({
        "TransformJobName": "of-file", "ModelName": "of-file", "MaxPayloadInMB": 3,
        "Environment": {"A": "file", "B": "file"},
        "TransformInput": {"DataSource": {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": "s3://b/f"}},
            "ContentType": "text/csv"},
        "TransformOutput": {"S3OutputPath": "s3://b/file"},
        "TransformResources": {"InstanceType": "ml.m5.large", "InstanceCount": 2},
    }),
    "environment": "A=1,B=two words",
    "environment.json": '{"A": "1", "B": "{}"}',
    "tags.json": '[{"Key": "a", "Value": "b"}]',
    "name": "of-a-file",
    "number": "7",
    "text": "a, b=c \u00e9",
}
WHOLE = [
    [],
    ["--max-concurrent-transforms", "4", "--max-payload-in-mb", "6", "--batch-strategy", "MultiRecord"],
    ["--model-client-config", "InvocationsTimeoutInSeconds=60,InvocationsMaxRetries=0"],
    ["--model-client-config", '{"InvocationsMaxRetries": 2}'],
    ["--environment", "A=1,B=true,C="],
    ["--environment", "A=1", "--environment", "B=2"],
    ["--environment", 'A="x, y",B=\'it\\\'s\',C=a\\,b'],
    ["--environment", "file://environment"],
    ["--environment", "file://environment.json"],
    ["--environment", "A@=file://text"],
    ["--environment", "A=file://text"],
    ["--data-capture-config", "DestinationS3Uri=s3://b/c,GenerateInferenceId=true"],
    ["--data-capture-config", "DestinationS3Uri=s3://b/c,GenerateInferenceId=false,KmsKeyId=k"],
    ["--data-processing", "InputFilter='$[1:]',JoinSource=None", "--transform-input",
        "ContentType=text/csv,DataSource={" + S3 + "}"],
    ["--data-processing", 'InputFilter="$[\'a\',\'b\']"', "--transform-input",
        "ContentType=application/jsonlines,DataSource={" + S3 + "}"],
    ["--tags", "Key=a,Value=b"],
    ["--tags", "Key=a,Value=b", "Key=c,Value="],
    ["--tags", '[{"Key": "a", "Value": "b"}, {"Key": "c", "Value": ""}]'],
    ["--tags", '{"Key": "a", "Value": "b"}', '{"Key": "c", "Value": "d"}'],
    ["--tags", "file://tags.json"],
    ["--tags", "Key=a,Value@=file://name"],
    ["--experiment-config", "ExperimentName=e,TrialName=t"],
    ["--transform-job-name", "file://name"],
    ["--max-payload-in-mb", "file://number"],
    ["--transform-output", "S3OutputPath=s3://b/out,Accept=text/csv,AssembleWith=Line"],
    ["--transform-input", "ContentType=text/csv,DataSource={" + S3 + "},SplitType=Line"],
    ["--transform-input", "DataSource = { S3DataSource = { S3DataType = S3Prefix , S3Uri = s3://b/x } } , SplitType = Line"],
]
PART = [
    ["--cli-input-json", "file://request.json"],
    ["--cli-input-json", FILES["request.json"]],
    ["--cli-input-json", "file://request.json", "--model-name", "m", "--environment", "A=line"],
    ["--max-payload-in-mb", "9", "--tags", "Key=a,Value=b", "Key=c,Value=d", "--cli-input-json", "file://request.json"],
]
REFUSED = [
    ["--environment", "A"],
    ["--environment", "A=1,A=2"],
    ["--environment", "A={B=c"],
    ["--environment", "{"],
    ["--environment", "file://gone"],
    ["--environment", "A@=file://gone"],
    ["--data-processing", "InputFilter=$[1:]"],
    ["--tags", "Key=a,Value=b", "Key"],
    ["--tags", "[{]"],
    ["--no-such-option", "1"],
    ["--model-name"],
    ["--cli-input-json", "file://gone"],
    ["--cli-input-json", "{"],
]


def of_the_cli(words):
    """What it would send; None where it refuses to."""
    sent = []
    caller = awscli.clidriver.CLIOperationCaller
    caller.invoke = lambda self, service, operation, parameters, rest: sent.append(parameters) or 0
    out, err = sys.stdout, sys.stderr
    sys.stdout = sys.stderr = io.StringIO()
    try:
        status = awscli.clidriver.create_clidriver().main(["sagemaker", "create-transform-job", *words])
    except SystemExit as e:
        status = e.code
    finally:
        sys.stdout, sys.stderr = out, err
    return sent[0] if status == 0 and sent else None


def of_bt_job(words):
    done = subprocess.run(["bt-job", "--json", *words], capture_output=True, check=False)
    if done.returncode != 0:
        assert not done.stdout and done.stderr, (words, done)
        return None
    return json.loads(done.stdout)


os.environ.update(AWS_DEFAULT_REGION="us-east-1", AWS_EC2_METADATA_DISABLED="true")
for name, text in FILES.items():
    with open(name, "w", encoding="utf-8") as f:
        f.write(text)
wrong = 0
for words in [NEEDED + w for w in WHOLE + REFUSED] + PART:
    want, got = of_the_cli(words), of_bt_job(words)
    if want != got:
        wrong += 1
        print(words, "\n  wanted", want, "\n  got", got)
    if (want is None) != (words[len(NEEDED):] in REFUSED):
        wrong += 1
        print(words, "is not what this list takes it for:", want)
print(wrong, "command lines otherwise than the AWS CLI")
sys.exit(wrong > 0)
