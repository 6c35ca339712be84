"""A definition as a lawyer reads it: numbered articles in sentences, made from the definition alone."""
