#!/usr/bin/env bash
# Stands in for sbatch and scancel: jobs are processes of this machine, and the queue has room for
# $SLURM_ROOM of them; the others wait for ever. Called by the name that it stands in for.
set -eu
case "$(basename "$0")" in
sbatch)
    n=1
    until mkdir "$SLURM_STATE/$n" 2>/dev/null; do n=$((n + 1)); done
    job="$SLURM_STATE/$n"
    cp "$1" "$job/script"
    mkdir "$job/tmp"
    if [ "$n" -le "$SLURM_ROOM" ]; then
        # a session of its own: ending the job ends all that it has started
        TMPDIR="$job/tmp" setsid bash "$job/script" >"$job/out" 2>&1 </dev/null &
        echo $! >"$job/pid"
    fi
    echo "Submitted batch job $n"
    ;;
scancel)
    for n in "$@"; do
        touch "$SLURM_STATE/$n/cancelled"
        if [ -e "$SLURM_STATE/$n/pid" ]; then
            kill -TERM -- "-$(cat "$SLURM_STATE/$n/pid")" 2>/dev/null || true
        fi
    done
    ;;
esac
