# Every check and every test, each shown; ends with 1 if any of them failed.
failed=""
step() {
    echo "== $*"
    "$@" || failed="$failed${failed:+, }$*"
}
unset PYTHONDONTWRITEBYTECODE # or each worker and each process would compile all of it for itself
kept=$(mktemp -d)
trap 'rm -rf "$kept"' EXIT
# mypy takes most of a minute where nothing is known from before: meanwhile tests run, which now and then wait
mypy >"$kept/mypy" 2>&1 &
types=$!
step ruff check .
step ruff format --check .
step lint-imports
# hundreds of elections that nobody keeps: in memory, where there is plenty, none of them waits for a disk
room=$(df -Pk /dev/shm 2>/dev/null | awk 'END { print int($4) }')
if [ "${room:-0}" -gt 2000000 ]; then
    elections=$(mktemp -d /dev/shm/elections.XXXXXX)
    trap 'rm -rf "$kept" "$elections"' EXIT
else
    elections="$kept/elections"
fi
# a file stays in one worker; no more workers than two, since each imports aiogram; in the order of their names, or the
# few long tests of whole processes would all come last, in one worker
step python -m pytest -q -n 2 --dist loadfile --no-loadscope-reorder --basetemp "$elections/here"
wait "$types" || failed="$failed${failed:+, }mypy"
echo "== mypy" && cat "$kept/mypy"
[ -z "$failed" ] && echo "everything passed" && exit 0
echo "failed: $failed"
exit 1
