"""One file a command of `sanzhi`, loaded when it is called: parse, call, print."""
