#!/bin/sh
# Whole jobs with a language model: bad records, a stop, and a key that is nowhere
# written.
. "${0%/*}/lib.sh"
. "${0%/*}/chat/lib.sh"
unset BT_HOME

# job [MORE]: the request job.json for the model of folder m.
job() {
	HOME=$PWD
	export HOME
	cat >model.json <<-END
	{ "ModelName": "m", "PrimaryContainer": { "Image": "chat", "ModelDataUrl": "m" ${1-} } }
	END
	cat >job.json <<-END
	{ "TransformJobName": "chat-$$", "ModelName": "m", "MaxConcurrentTransforms": 2,
	  "TransformInput": { "DataSource": { "S3DataSource": {
	      "S3DataType": "S3Prefix", "S3Uri": "in.jsonl" } },
	    "ContentType": "application/jsonlines", "SplitType": "Line" },
	  "DataProcessing": { "JoinSource": "Input" },
	  "TransformOutput": { "S3OutputPath": "out",
	    "Accept": "application/jsonlines", "AssembleWith": "Line" } }
	END
}

ok 'a bad record has a placeholder in the output, the others have their answers; the report' '
	serve
	model "{ \"prices\": { \"prompt\": 1000 }, \"body\": { \"prompt\": \"{{text}}\" } }"
	job
	for text in "say good" "error 400 x too long" "slow 50 say bad"; do
		echo "{\"text\":\"$text\"}"
	done >in.jsonl
	bt-transform --on-error placeholder=null --model model.json job.json >arn 2>err
	same out/in.jsonl.out <<-END
	{"text":"say good","SageMakerOutput":"good"}
	{"text":"error 400 x too long","SageMakerOutput":null}
	{"text":"slow 50 say bad","SageMakerOutput":"bad"}
	END
	bt-report --text chat-$$ >report
	grep -E "^ *(tokens|cost) " report | sed "s/^ *//; s/  */ /g" >out.report
	same out.report <<-END
	tokens 6 of prompts, 2 of answers
	cost 0.006
	END
'
ok 'a job that is stopped and resumed asks about no record twice that has its answer' '
	serve
	model "{ \"in_flight\": 1, \"body\": { \"prompt\": \"{{text}}\" } }"
	job
	for text in "say a" "say b" "after go say c" "say d"; do
		echo "{\"text\":\"$text\"}"
	done >in.jsonl
	bt-transform --max-records 1 --model model.json job.json >arn 2>err &
	job=$!
	await grep -q "after go" log
	await eval "test \$(cat \"\$HOME/.bt/jobs/chat-$$/results\" | grep -c \"\") -ge 2"
	bt-transform stop chat-$$
	wait $job || :
	: >go
	grep -v after log | sort >before
	bt-transform resume chat-$$ >arn 2>err
	sed "s/.*SageMakerOutput//" out/in.jsonl.out >got
	same got <<-END
	":"a"}
	":"b"}
	":"c"}
	":"d"}
	END
	grep -v after log | sort | uniq -d >twice
	same twice </dev/null
'
ok 'the key is in no file of the job, and cannot be put into its request' '
	KEY=sk-secret-0123456789
	export KEY
	serve
	BT_CHAT_KEY=$KEY
	export BT_CHAT_KEY
	model "{ \"body\": { \"prompt\": \"{{text}}\" } }"
	job
	for text in "say a" echo-key; do echo "{\"text\":\"$text\"}"; done >in.jsonl
	bt-transform --on-error placeholder=null --model model.json job.json >arn 2>err
	grep -c "" out/in.jsonl.out
	fails 1 grep -r sk-secret "$HOME/.bt" out err arn
	unset BT_CHAT_KEY
	job ", \"Environment\": { \"BT_CHAT_KEY\": \"x\" }"
	rm -r out "$HOME/.bt"
	fails 1 bt-transform --model model.json job.json
	grep -rq "E BT_CHAT_KEY shows the key to all users" "$HOME/.bt" "$tmp/err"
'
finish
