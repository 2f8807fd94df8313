# Every check and every test, one after the other, each shown; ends with 1 if any of them failed.
failed=""
step() {
    echo "== $*"
    "$@" || failed="$failed${failed:+, }$*"
}
step ruff check .
step ruff format --check .
step mypy
step lint-imports
# a file stays in one worker; no more workers than two, since each imports aiogram; in the order of their names, or the
# few long tests of whole processes would all come last, in one worker
step python -m pytest -q -n 2 --dist loadfile --no-loadscope-reorder
[ -z "$failed" ] && echo "everything passed" && exit 0
echo "failed: $failed"
exit 1
