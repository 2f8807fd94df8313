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
step python -m pytest -q
[ -z "$failed" ] && echo "everything passed" && exit 0
echo "failed: $failed"
exit 1
