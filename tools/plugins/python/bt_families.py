"""The defaults for the functions that a script lacks, by framework."""

import bt_codecs


class Defaults:
    """The toolkit's codecs, and a model that predicts itself."""

    model_fn = None
    input_fn = staticmethod(bt_codecs.input_fn)
    output_fn = staticmethod(bt_codecs.output_fn)

    @staticmethod
    def predict_fn(data, model):
        if hasattr(model, "predict"):
            return model.predict(data)
        if callable(model):
            return model(data)
        raise bt_codecs.Refusal(
            500, "there is no predict_fn, and model_fn returned %s, which has no predict()"
            % type(model).__name__)


def defaults(framework, script):
    """framework is the value of BT_FRAMEWORK, or None."""
    return Defaults()
