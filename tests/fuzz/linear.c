/*
 * The model file of the plugin linear: refused with a reason, or a model whose
 * parts have the sizes that it says, so that each can be read.
 */
#include "plugins/linear/model.h"
#include "words.h"

static const char *const words[] = { "{\"format\":\"bt-linear\",\"version\":1,",
	"\"kind\":\"linear\",", "\"kind\":\"logistic\",",
	"\"weights\":", "[1,2]", "[[1,2],[3,4]]", "{\"0\":1.5}",
	"\"intercept\":", "\"classes\":", "[\"a\",\"b\"]",
	"\"missing\":", "[null,0]",
	"\"output\":", "[\"label\",\"probability\"]", "[\"value\"]",
	"[\"probabilities\"]", "[\"score\",\"predicted_label\"]",
	"\"threshold\":", "\"text\":{", "\"columns\":[-1],", "\"field\":\"t\",",
	"\"bits\":2,", "\"bits\":24,", "\"ngrams\":4,", "\"lowercase\":false",
	"\"about\":", "null", "true", "1e308", "-0.5", "9223372036854775807",
	"},", "}", "," };

/* All of it is read. */
static void
use(const struct linear_model *m)
{
	double sum = 0;
	size_t i, n = 0;

	want(m->outputs > 0 && m->features > 0 && m->item_count > 0);
	for (i = 0; i < m->features * m->outputs; i++)
		sum += m->weights[i];
	for (i = 0; i < m->outputs; i++)
		sum += m->intercepts[i];
	for (i = 0; m->missing != NULL && i < m->features; i++)
		sum += m->missing[i];
	for (i = 0; i < m->classes; i++)
		n += m->labels[i].csv.n;
	for (i = 0; i < m->item_count; i++)
		n += m->items[i];
	for (i = 0; i < m->column_count; i++)
		n += (size_t)m->columns[i];
	want(sum < 0 || sum >= 0 || sum != sum || n > 0);
	want(m->threshold < 0 || (m->threshold <= 1 && m->outputs == 1));
	if (m->text)
		want(m->features == (size_t)1 << m->words.bits);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buf text = { 0 }, why = { 0 };
	struct linear_model *m;

	spell(&text, data, size, words, sizeof words / sizeof *words);
	m = linear_model_read(NULL, buf_str(&text), text.n, &why);
	want((m == NULL) == (why.n > 0));
	if (m != NULL) {
		use(m);
		linear_model_free(m);
	}
	buf_free(&text);
	buf_free(&why);
	return 0;
}
