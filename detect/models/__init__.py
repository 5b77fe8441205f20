"""One file a model: a function from the shape of the features to a flat Keras network."""
