"""The trainer: a program of its own, run by TRAIN_PYTHON as `python -m training.trainer FOLDER`.

It knows nothing of Django or the database. A folder says what to do and shows how far it is;
`learning` and `watching` load torch, so nothing outside this package imports them.
"""
