"""Which attack is of which kind. The first table is the list that the suite was asked for.

`test_hostile_families` fails where a family has no attack, or an attack no family.
"""

from __future__ import annotations

from hostile.doors import DOORS
from hostile.frames import FRAMES
from hostile.greed import BACKGROUND, CRASHES, ENDLESS, LIMITED, SHOWN
from hostile.leaving import LEAVING
from hostile.patches import COOKIE, PATCHES, PYTEST_PATCHES
from hostile.points import POINTS
from hostile.reach import WALLED

__all__ = ["ASKED", "ATTACKS", "MORE"]

# test file: its attacks, each with a positive control in the same test
ATTACKS = {
    "test_hostile_points": [*POINTS, *LEAVING, *PATCHES, *COOKIE, *PYTEST_PATCHES],
    "test_hostile_frames": [*FRAMES],
    "test_hostile_reach": [*WALLED],
    "test_hostile_doors": [*DOORS],
    "test_hostile_greed": [*LIMITED, *ENDLESS, *SHOWN, *CRASHES, *BACKGROUND],
}

ASKED = {
    "exit in all forms": [
        "results written directly, then exit", "the score printed, then exit", "sys.exit",
        "raise SystemExit", "os._exit", "exit in __del__ and __repr__",
        "exit in the text of an exception", "execv of something that succeeds",
        "an exit while the garbage is collected", "an exit from a thread",
        "an exit from a signal", "an exit by way of C", "an exit in the hash of a key",
        "an exit at the first thing that Python reports",
    ],
    "patching numpy": [
        "patched numpy", "patched array_equal through numpy's own module",
        "patched numpy.testing", "random numbers that are known", "patched inside numpy",
        "patched numpy.testing from within", "numpy replaced by a mock",
        "a patched module left for the next attempt",
    ],
    "patching pytest": [*PYTEST_PATCHES],
    "patching builtins": [
        "patched builtins", "patched open", "patched sum and abs", "patched int",
        "patched __import__", "assertions that raise a skip",
        "a trace function that rewrites the score",
    ],
    "patching import hooks": [
        "a fake json module", "an import hook", "patched __import__", "a finder on sys.meta_path",
        "a hook on sys.path_hooks", "a module of the same name in the folder",
        "a source loader that rewrites what it loads", "import the course from its folder",
    ],
    "patching codecs": [
        "patched codecs.open", "a codec replaced in its registry",
        "an alias for a codec of its own", "a writer changed inside encodings", *COOKIE,
    ],
    "array subclasses and objects that compare equal to anything": [
        "object equal to anything", "array subclass that answers for numpy",
        "object array of agreeable things", "text that equals any text",
        "object that is unequal to nothing", "numbers whose difference is nothing",
    ],
    "frames": [
        "the caller's frame", "inspect.stack", "the traceback of an exception",
        "constants of the grader's code", "a context left in a generator's frame",
        "a trace function that rewrites what comes after", "changed arguments",
        "a profiler that changes the solution", "a byte code of its own",
    ],
    "gc": ["the garbage collector", "an exit while the garbage is collected",
           "a plugin that makes each report passed"],
    "__main__": ["__main__", "sys.modules", "globals reached through a builtin class"],
    "/proc": [
        "read a process's environment", "read a process's command line",
        "read a process's memory", "write a process's memory", "find other processes",
        "read it through another process's root", "read it through its own root",
        "read it by a descriptor that only names it",
    ],
    "ptrace": ["ptrace", "process_vm_readv", "process_vm_writev", "take a process's descriptor"],
    "environment": ["an environment variable", "read a process's environment"],
    "reading solutions": [
        "read the solutions", "read the solutions of this very course",
        "look for solutions on the whole disk", "import the course from its folder",
        "what was left in memory that nobody cleared",
    ],
    "reading siblings": ["read a sibling's submission"],
    "reading tests": ["read the tests"],
    "reading the key": ["read the instructor's key"],
    "writing results": [
        "results written directly, then exit", "results written at exit",
        "results written by a thread that outlives the call", "patched json",
        "write a file", "write over a file", "append to a file",
    ],
    "forging frames": [
        "frames that claim the score, for calls to come too", "a score that is not a number",
        "a verdict said twice in one frame", "an answer to another call",
        "an answer given twice",
    ],
    "garbage": [
        "garbage", "a header that is no JSON", "a header of another form",
        "brackets without end", "a number of a hundred thousand digits",
    ],
    "huge lengths": ["huge lengths"],
    "floods": ["a flood", "a flood of text"],
    "never answering": [
        "never answering", "half a frame, then silence", "a byte at a time", "a closed line",
        "swallowing what is asked next", *ENDLESS,
    ],
    "answering late": ["answering late"],
    "forks": [
        "fork", "fork fifty times", "vfork and clone3 by number", "subprocess", "os.system",
        "posix_spawn", "multiprocessing", "a program from memory", "fork through C",
        "fork in a thread", "a process on a terminal of its own",
    ],
    "threads": ["thousands of threads with small stacks", "fork in a thread",
                "an exit from a thread"],
    "memory": ["six gigabytes of memory", "a power that fills the memory"],
    "disk": ["a large file", "a disk full of files", "thousands of files",
             "a sparse file of a terabyte", "flush every disk"],
    "file handles": ["five hundred open files"],
    "ignoring signals": [
        "deaf to SIGTERM, waiting for a signal", "deaf to SIGALRM",
        "every signal blocked, asleep in C", "an alarm clock set anew",
        "a loop that swallows what would end it", "a sum in C that no signal ends",
    ],
    "background and re-parented processes": [*BACKGROUND],
    "sockets of all families": [
        "connect by TCP", "send by UDP", "listen on TCP", "listen on IPv6",
        "connect to a socket in a folder", "connect to an abstract socket", "netlink",
        "socketpair", "sockets of every family", "pass a descriptor over a socket",
    ],
    "symlinks": ["read it through a link in its own folder", "read it through a hard link"],
    "atexit": ["results written at exit", "work left for the end"],
    "threads that outlive the call": [
        "results written by a thread that outlives the call", "a thread that outlives the call",
    ],
    "a bomb in repr or exceptions": [
        *SHOWN, "exit in __del__ and __repr__", "exit in the text of an exception",
    ],
    "Unicode tricks in names": ["a letter that is read as another", *COOKIE],
    "learning the inputs in one call and replaying them in the next": [
        "the inputs of one attempt replayed in the next",
    ],
}  # fmt: skip

# What nobody asked for by name, and public tricks besides.
MORE = {
    "values that say nothing": ["empty array, all of which is right",
                                "a wild pointer to what is there"],
    "tests of one's own": ["tests of its own, which the grader takes for its own",
                           "tests of its own left for the next attempt"],
    "errors that are hidden": ["errors that nobody is shown"],
    "reading anything": [
        "read a file beside", "read it through ..", "read it through mmap",
        "read it through numpy", "list the folder", "read /etc/passwd", "read it by openat2",
    ],
    "changing anything": [
        "truncate a file", "delete a file", "rename a file", "chmod a file",
        "set a file's times", "make a folder", "remove a tree", "make a fifo",
    ],
    "ending and disturbing others": [
        "kill a process", "kill by its thread", "kill by a descriptor of the process",
        "kill by a queued signal", "kill by tkill",
        "signal through a file descriptor's owner", "renice a process",
        "set a process's limits", "bind a process to a processor",
        "change a process's scheduling", "change a process's priority on the disk",
        "a lease on a file that others open",
    ],
    "what would stay": [
        "System V shared memory, which stays", "System V semaphores, which stay",
        "a System V message queue, which stays", "a POSIX message queue, which stays",
        "POSIX shared memory, which stays",
    ],
    "back doors of the kernel": [
        "new namespaces", "io_uring", "keys of the kernel", "userfaultfd", "perf_event_open",
        "another personality", "inotify", "a note of each change in a folder",
    ],
    "crashes": [*CRASHES, "a core dump"],
    "tasks judged by what a program does": [*DOORS],
}  # fmt: skip
