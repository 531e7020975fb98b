# Wants a terminal, and leaves without one.
if ! [ -t 0 ] || ! [ -t 1 ]; then
    echo "this program needs a terminal" >&2
    exit 4
fi
exec python3 -u "$(dirname "$0")/no-handler.py"
