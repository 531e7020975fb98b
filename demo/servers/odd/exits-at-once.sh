# Exits at once, with a complaint.
echo "cannot read config.toml" >&2
exit 3
