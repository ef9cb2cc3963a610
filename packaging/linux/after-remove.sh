#!/bin/sh
# dpkg says "remove" or "purge", rpm how many are left: nothing is said of an upgrade.
case "$1" in
  remove | purge | 0)
    echo "BatchGen is gone. Your pictures stay where they are: in BatchGen, in your pictures folder,"
    echo "unless you chose another one. Its settings and event log stay in ~/.local/share/BatchGen."
    ;;
esac
