#!/bin/sh
# examples/cluster: the manifests, and what their containers run.
. "${0%/*}/lib.sh"
cluster=$top/examples/cluster
for name in $(env | sed -n 's/^\(\(BT_INDEX\|BT_COUNT\|SLURM_\|AWS_\|JOB_COMP\|SGE_\|OMPI_\)[A-Z0-9_]*\)=.*/\1/p'); do
	unset "$name"
done

# block WORDS: the commands of the README in the block that begins with the words,
# for the folder work here.
block() {
	awk -v words="    $1" '!/^    / { in_it = 0 }
	    index($0, words) == 1 { in_it = 1 } in_it' "$cluster/README.md" |
	    sed "s/^    //; s,/work,$PWD/work,g" >block
	test -s block
	cat block
}

# job: the folder of a run, prepared as the README says; and in the file want what
# one machine makes of it.
job() {
	cp -r "$top/examples/reviews/models/sentiment" model
	cp "$cluster/share" .
	mkdir -p data work
	cp "$top/examples/reviews/reviews.csv" data/
	block "cp -r share" >script
	sh -eu script
	{
		awk "/^        - name: [A-Z]/ { name = \$3 }
		    /^          value:/ { gsub(/\"/, \"\", \$2); print name \"=\" \$2 }" \
		    "$cluster/kubernetes.yaml"
		sed -n "s/^        command: //p" "$cluster/kubernetes.yaml" | jq -r ".[]"
	} | sed "s,/work,$PWD/work,g" >kubernetes.words
	jq -r ".containerProperties |
	    (.environment[] | .name + \"=\" + .value), .command[]" "$cluster/aws-batch.json" |
	    sed "s,/work,$PWD/work,g" >aws_batch.words
	(
		cd work || exit
		bt-split data/reviews.csv | bt-predict -m linear -d model -o ../parts | bt-join -j Input
	) >want
}

# kubernetes: what the container does in pod $i: the manifest's command with its
# variables, and with that of the engine.
kubernetes() {
	xargs env JOB_COMPLETION_INDEX="$i" <kubernetes.words
}

# aws_batch: the same in child $i of 8.
aws_batch() {
	xargs env AWS_BATCH_JOB_ARRAY_INDEX="$i" AWS_BATCH_JOB_ARRAY_SIZE=8 \
	    AWS_BATCH_JOB_ATTEMPT=1 <aws_batch.words
}

# joined: what the README has last, is what one machine makes.
joined() {
	block "bt-todo --answered results/" >script
	(cd work || exit; sh -eu ../script)
	cmp want work/out/reviews.csv.out
}

for engine in kubernetes aws_batch; do
	ok "$engine: the containers make the bytes of one machine" '
		job
		for i in 7 6 5 4 3 2 1 0; do $engine; done
		joined
		test "$(ls work/results | sed "s/\..*//" | xargs)" = "0 1 2 3 4 5 6 7"
	'
done
ok 'another try predicts only what has no answer' '
	job
	for i in 0 1 2 3 4 5 6 7; do kubernetes; done
	# Tries that were killed: one in the midst of a line, one before its first.
	head -c 500 work/results/3.* >cut
	rm work/results/3.* work/results/5.*
	mv cut work/results/3.old
	: >work/results/5.old
	find work/parts work/results -type f | sort >before
	for i in 0 1 2 3 4 5 6 7; do kubernetes; done
	find work/parts work/results -type f -size +0 | sort | comm -13 before - | sed "s/[^/]*$//" | uniq -c | sed "s/^ *//" >new
	same new <<-END
	2 work/parts/
	2 work/results/
	END
	joined
'
ok 'two tries at once' '
	job
	for i in 0 0 1 2 3 3 4 5 6 7; do
		(kubernetes) &
		sleep 0.05
	done
	wait
	joined
'
ok 'the exit status says whether another try may help' '
	job
	cd work
	export BT_INDEX=0
	fails 2 ./share .
	said "bt-share: BT_INDEX is set, but not how many shares there are: set BT_COUNT"
	fails 2 env BT_COUNT=x ./share .
	export BT_COUNT=2
	mv model gone
	fails 1 ./share .
	mv gone model
	printf x >>refs
	fails 2 ./share .
	rm refs
	fails 1 ./share .
	said "bt-share: refs: No such file or directory"
	fails 1 ./share ./none
	cp ../data/reviews.csv bad.csv
	bt-split --max-records 100 bad.csv >refs
	sed -i s/r0001/r000x/ bad.csv
	fails 1 ./share .
	test "$(cat results/0.* | grep -c "	!	")" -eq 1
'
if ! /usr/bin/python3 -c 'import yaml' 2>/dev/null; then
	skip 'the fields of the manifests' 'no yaml for Python'
	finish
fi
ok 'fields have the names and types of the published schemas, and agree' '
	cp "$cluster"/*.yaml "$cluster"/*.json .
	/usr/bin/python3 - <<-END
	import json, yaml

	def check(value, schema, at):
	    if isinstance(schema, dict):
	        assert type(value) is dict, at
	        for key in value:
	            assert key in schema, at + "." + key
	            check(value[key], schema[key], at + "." + key)
	    elif isinstance(schema, list):
	        assert type(value) is list and value, at
	        for one in value:
	            check(one, schema[0], at)
	    elif isinstance(schema, set):
	        assert value in schema, (at, value)
	    else:
	        assert type(value) is schema, (at, value)

	# batch/v1 Job, policy and pod as in the OpenAPI of Kubernetes 1.29 to 1.34.
	resources = {"cpu": str, "memory": str}
	container = {
	    "name": str, "image": str, "command": [str], "args": [str],
	    "env": [{"name": str, "value": str}],
	    "resources": {"requests": resources, "limits": resources},
	    "volumeMounts": [{"name": str, "mountPath": str, "readOnly": bool}]}
	rule = {
	    "action": {"Ignore", "FailIndex", "FailJob", "Count"},
	    "onExitCodes": {"containerName": str, "operator": {"In", "NotIn"},
	                    "values": [int]},
	    "onPodConditions": [{"type": str, "status": {"True", "False", "Unknown"}}]}
	job = yaml.safe_load(open("kubernetes.yaml"))
	check(job, {
	    "apiVersion": {"batch/v1"}, "kind": {"Job"}, "metadata": {"name": str},
	    "spec": {
	        "completionMode": {"Indexed"}, "completions": int, "parallelism": int,
	        "backoffLimitPerIndex": int, "maxFailedIndexes": int,
	        "podFailurePolicy": {"rules": [rule]},
	        "template": {"spec": {
	            "restartPolicy": {"Never"}, "containers": [container],
	            "volumes": [{"name": str,
	                         "persistentVolumeClaim": {"claimName": str}}]}}}},
	    "Job")
	spec, (pod,) = job["spec"], job["spec"]["template"]["spec"]["containers"]
	env = {e["name"]: e["value"] for e in pod["env"]}
	assert int(env["BT_COUNT"]) == spec["completions"] == spec["parallelism"]
	assert env["WORKERS"] == pod["resources"]["requests"]["cpu"]
	rules = spec["podFailurePolicy"]["rules"]
	assert [r["onExitCodes"] for r in rules if r["action"] == "FailIndex"] == [
	    {"containerName": pod["name"], "operator": "In", "values": [2]}]
	assert [v["name"] for v in job["spec"]["template"]["spec"]["volumes"]] == [
	    m["name"] for m in pod["volumeMounts"]]

	# RegisterJobDefinition, as in the model of AWS Batch, 2016-08-10.
	for file in "aws-batch.json", "aws-batch-s3.json":
	    job = json.load(open(file))
	    check(job, {
	        "jobDefinitionName": str, "type": {"container"},
	        "containerProperties": {
	            "image": str, "command": [str], "jobRoleArn": str,
	            "environment": [{"name": str, "value": str}],
	            "resourceRequirements": [
	                {"type": {"VCPU", "MEMORY", "GPU"}, "value": str}],
	            "volumes": [{"name": str, "efsVolumeConfiguration": {
	                "fileSystemId": str, "rootDirectory": str,
	                "transitEncryption": {"ENABLED", "DISABLED"}}}],
	            "mountPoints": [{"sourceVolume": str, "containerPath": str,
	                             "readOnly": bool}]},
	        "retryStrategy": {
	            "attempts": int,
	            "evaluateOnExit": [{"onExitCode": str, "onReason": str,
	                                "onStatusReason": str,
	                                "action": {"EXIT", "RETRY"}}]}}, file)
	    pod, retry = job["containerProperties"], job["retryStrategy"]
	    assert 1 <= retry["attempts"] <= 10
	    assert retry["evaluateOnExit"][0] == {"onExitCode": "2", "action": "EXIT"}
	    need = {r["type"]: r["value"] for r in pod["resourceRequirements"]}
	    assert {"name": "WORKERS", "value": need["VCPU"]} in pod["environment"]
	    assert not any(e["name"].startswith("AWS_BATCH") for e in pod["environment"])
	    assert [v["name"] for v in pod.get("volumes", [])] == [
	        m["sourceVolume"] for m in pod.get("mountPoints", [])]
	END
'
# Neither of these asks a server.
if kubectl version --client >/dev/null 2>&1; then
	ok 'kubectl knows all fields of the Job' '
		kubectl set env --local -f "$cluster/kubernetes.yaml" A=B -o json >got
		/usr/bin/python3 - "$cluster/kubernetes.yaml" <<-END
		import json, sys, yaml

		def kept(want, got):
		    if isinstance(want, dict):
		        return all(k in got and kept(want[k], got[k]) for k in want)
		    if isinstance(want, list):
		        return len(want) == len(got) and all(map(kept, want, got))
		    return want == got

		want = yaml.safe_load(open(sys.argv[1]))
		pod, = want["spec"]["template"]["spec"]["containers"]
		pod["env"].append({"name": "A", "value": "B"})
		assert kept(want, json.load(open("got")))
		END
	'
else
	skip 'kubectl knows all fields of the Job' 'no kubectl'
fi
if aws --version >/dev/null 2>&1; then
	ok 'aws takes the job definitions, and the lines that submit them' '
		export AWS_DEFAULT_REGION=us-east-1 AWS_EC2_METADATA_DISABLED=true HOME="$PWD"
		for file in aws-batch.json aws-batch-s3.json; do
			aws batch register-job-definition --cli-input-json "file://$cluster/$file" \
			    --generate-cli-skeleton output >out
			sed "s/\"command\": \[/&1, /" "$cluster/$file" >wrong.json
			aws batch register-job-definition --cli-input-json file://wrong.json \
			    --generate-cli-skeleton output >out 2>err && exit 1
			grep "Invalid type for parameter containerProperties.command" err
		done
		sed -n "s/^    \(aws batch submit-job .*\)/\1 --generate-cli-skeleton output/p" \
		    "$cluster/README.md" >script
		test "$(wc -l <script)" -eq 2
		sh -eu script >out
		test "$(grep -c jobId out)" -eq 2
	'
else
	skip 'aws takes the job definitions, and the lines that submit them' 'no aws'
fi
finish
