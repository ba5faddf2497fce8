#include "plugins/chat/judge.h"

#include "format/json.h"
#include "plugins/web/verdict.h"

/* Whether the code of an error is this: {"error":{"code":...}}, or its type. */
static bool
has_code(struct span body, const char *code)
{
	const char *reason;
	struct span value, error, text;
	size_t at;

	if (json_check(body, &value, &reason, &at) == -1 ||
	    json_kind(value) != JSON_IS_OBJECT ||
	    !json_member(value, span_str("error"), &error) ||
	    json_kind(error) != JSON_IS_OBJECT)
		return false;
	return (json_member(error, span_str("code"), &text) &&
		   json_kind(text) == JSON_IS_STRING &&
		   json_string_is(text, span_str(code))) ||
	       (json_member(error, span_str("type"), &text) &&
		   json_kind(text) == JSON_IS_STRING &&
		   json_string_is(text, span_str(code)));
}

enum judgement
judge(const struct settings *set, const struct answer *a, const struct post *p,
    const char *where, struct buf *why)
{
	if (verdict(a, p, where, why) == BT_OK)
		return JUDGE_ANSWERED;
	if (a->refused)
		return JUDGE_WAIT;
	switch (a->status) {
	case 401:
	case 402:
		return JUDGE_HOPELESS;
	case 403:
	case 404:
		/* Each request of a batch file names its own model. */
		return set->batch ? JUDGE_REFUSED : JUDGE_HOPELESS;
	case 429:
		if (has_code(buf_span(&a->body), "insufficient_quota"))
			return JUDGE_HOPELESS;
		return JUDGE_WAIT;
	case 502: /* a proxy's, if its server is away */
	case 503:
		return JUDGE_WAIT;
	case 408:
	case 409:
	case 504:
		return JUDGE_AGAIN;
	default:
		return a->status >= 300 && a->status < 500 ? JUDGE_REFUSED
							   : JUDGE_AGAIN;
	}
}
