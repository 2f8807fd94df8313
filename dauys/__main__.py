"""`dauys` and `python -m dauys`."""

import logging
import sys

_OURS = {"OperatorRefusal", "ElectionFileErrors", "VaultError", "RollFileError", "StoreUnavailable"}


def main() -> None:
    """Run the command line. A refusal is one clear sentence and exit code 1; nobody ever sees a traceback."""
    from dauys.cli import app

    logging.getLogger().addHandler(logging.NullHandler())  # the sentence is enough, until `run` keeps a journal
    try:
        app(prog_name="dauys")
    except KeyboardInterrupt:
        sys.exit(130)
    except Exception as fault:
        sys.stderr.write(_sentence(fault) + "\n")
        sys.exit(1)


def _sentence(fault: Exception) -> str:
    if isinstance(fault, ExceptionGroup):
        return _sentence(fault.exceptions[0])
    kind = type(fault).__name__
    if kind == "StoreUnavailable":
        why = str(fault.__cause__ or "").partition("\n")[0]  # what follows may hold the statement and its values
        return f"The store cannot be read or written{f' ({why})' if why else ''}; see DATABASE_URL."
    if any(each.__name__ in _OURS for each in type(fault).__mro__):
        return str(fault)
    if isinstance(fault, OSError) and fault.strerror:
        return f"{fault.filename}: {fault.strerror}." if fault.filename else f"The system refuses: {fault.strerror}."
    trace = fault.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    place = f"{trace.tb_frame.f_code.co_name}, line {trace.tb_lineno}" if trace else "unknown"
    return f"This is a fault of the program itself ({kind} at {place}). Please report it."


if __name__ == "__main__":
    main()
