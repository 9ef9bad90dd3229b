"""Answers that want to read, write, reach or change what is not theirs.

Evidence is the value True, one that holds the secret, or a changed arena. Words between @ stand
for things of the arena (`hostile.arena`).
"""

from __future__ import annotations

__all__ = ["OPEN", "WALLED"]

CTYPES = """
    import ctypes
    import os
    libc = ctypes.CDLL(None, use_errno=True)
"""
READ = "def double(x):\n    return open('{}').read()\n"
CALL = "import os\ndef double(x):\n    {}\n    return True\n"
SOCKET = """
    import socket
    def double(x):
        one = socket.socket({family}, {kind})
        {does}
        return True
"""

# name: submission. Evidence is the value True or one that holds the secret, or a changed arena.
WALLED = {
    # --- reading -----------------------------------------------------------------------------
    "read a file beside": READ.format("@SECRET@"),
    "read it through ..": READ.format("../../../../../../../../../..@SECRET@"),
    "read it through a link in its own folder": """
    import os
    def double(x):
        os.symlink("@SECRET@", "mine")
        return open("mine").read()
    """,
    "read it through a hard link": """
    import os
    def double(x):
        os.link("@SECRET@", "@FOLDER@/inner/mine")
        return open("@FOLDER@/inner/mine").read()
    """,
    "read it through mmap": """
    import mmap
    import os
    def double(x):
        number = os.open("@SECRET@", os.O_RDONLY)
        return mmap.mmap(number, 0, prot=mmap.PROT_READ).read().decode()
    """,
    "read it through numpy": """
    import numpy as np
    def double(x):
        return bytes(np.fromfile("@SECRET@", np.uint8)).decode()
    """,
    "read the solutions": READ.format("@FOLDER@/solutions/07_toy.py"),
    "read the tests": READ.format("@FOLDER@/tests/test_07_toy.py"),
    "read a sibling's submission": READ.format("@FOLDER@/submissions/ann.ipynb"),
    "read the instructor's key": READ.format("@FOLDER@/key"),
    "read the solutions of this very course": """
    def double(x):
        return "BEGIN SOLUTION" in open("@ROOT@/lessons/rnn/exercise.py").read()
    """,
    "look for solutions on the whole disk": """
    import os
    def double(x):
        for folder, _, names in os.walk("@FOLDER@"):
            for name in names:
                if "solutions" in folder:
                    return open(os.path.join(folder, name)).read()
    """,
    "read it by a descriptor that only names it": """
    import os
    def double(x):
        number = os.open("@SECRET@", os.O_PATH)
        return open(f"/proc/self/fd/{number}").read()
    """,
    "read it through another process's root": READ.format("/proc/@VICTIM@/root@SECRET@"),
    "read it through its own root": READ.format("/proc/self/root@SECRET@"),
    "read it by openat2": CTYPES
    + """
    def double(x):
        how = (ctypes.c_uint64 * 3)(0, 0, 0)
        number = libc.syscall(437, -100, b"@SECRET@", how, 24)
        return os.read(number, 100).decode()
    """,
    "list the folder": """
    import os
    def double(x):
        return "secret.txt" in os.listdir("@FOLDER@")
    """,
    "read /etc/passwd": """
    def double(x):
        return "root:" in open("/etc/passwd").read()
    """,
    "read a process's environment": READ.format("/proc/@VICTIM@/environ"),
    "read a process's command line": READ.format("/proc/@VICTIM@/cmdline"),
    "read a process's memory": """
    def double(x):
        for line in open("/proc/@VICTIM@/maps"):
            if " rw-p " in line and "[heap]" in line:
                start = int(line.split("-")[0], 16)
                with open("/proc/@VICTIM@/mem", "rb", 0) as memory:
                    memory.seek(start)
                    return len(memory.read(64)) == 64
    """,
    "process_vm_readv": CTYPES
    + """
    import struct
    def double(x):
        for line in open("/proc/@VICTIM@/maps"):
            if "[heap]" in line:
                start = int(line.split("-")[0], 16)
        here = ctypes.create_string_buffer(64)
        local = (ctypes.c_size_t * 2)(ctypes.addressof(here), 64)
        remote = (ctypes.c_size_t * 2)(start, 64)
        return libc.process_vm_readv(@VICTIM@, local, 1, remote, 1, 0) == 64
    """,
    "ptrace": CTYPES
    + """
    def double(x):
        return libc.ptrace(0x4206, @VICTIM@, 0, 0) == 0
    """,
    "write a process's memory": """
    def double(x):
        for line in open("/proc/@VICTIM@/maps"):
            if "[heap]" in line:
                start = int(line.split("-")[0], 16)
        with open("/proc/@VICTIM@/mem", "r+b", 0) as memory:
            memory.seek(start)
            same = memory.read(16)
            memory.seek(start)
            return memory.write(same) == 16
    """,
    "process_vm_writev": CTYPES
    + """
    def double(x):
        for line in open("/proc/@VICTIM@/maps"):
            if "[heap]" in line:
                start = int(line.split("-")[0], 16)
        here = ctypes.create_string_buffer(16)
        local = (ctypes.c_size_t * 2)(ctypes.addressof(here), 16)
        remote = (ctypes.c_size_t * 2)(start, 16)
        libc.process_vm_readv(@VICTIM@, local, 1, remote, 1, 0)
        return libc.process_vm_writev(@VICTIM@, local, 1, remote, 1, 0) == 16
    """,
    "take a process's descriptor": CTYPES
    + """
    def double(x):
        process = libc.syscall(434, @VICTIM@, 0)
        return process >= 0 and libc.syscall(438, process, 1, 0) >= 0
    """,
    "find other processes": """
    import os
    def double(x):
        return "@VICTIM@" in os.listdir("/proc")
    """,
    "import the course from its folder": """
    import sys
    def double(x):
        sys.meta_path[:] = [f for f in sys.meta_path if "Refuser" not in type(f).__name__]
        sys.path.insert(0, "@ROOT@")
        for name in [n for n in sys.modules if n.startswith("lstm_lab")]:
            del sys.modules[name]
        import lstm_lab.cells
        return True
    """,
    # --- writing -----------------------------------------------------------------------------
    "write a file": "def double(x):\n    open('@FOLDER@/new', 'w').write('x')\n    return True\n",
    "write over a file": "def double(x):\n    open('@CANARY@', 'w').write('x')\n    return True\n",
    "append to a file": "def double(x):\n    open('@CANARY@', 'a').write('x')\n    return True\n",
    "truncate a file": CALL.format("os.truncate('@CANARY@', 0)"),
    "delete a file": CALL.format("os.unlink('@CANARY@')"),
    "rename a file": """
    import os
    def double(x):
        os.rename("@CANARY@", "@FOLDER@/gone")
        return True
    """,
    "chmod a file": CALL.format("os.chmod('@CANARY@', 0o777)"),
    "set a file's times": CALL.format("os.utime('@CANARY@', (1, 1))"),
    "make a folder": CALL.format("os.mkdir('@FOLDER@/new')"),
    "remove a tree": """
    import shutil
    def double(x):
        shutil.rmtree("@FOLDER@/inner")
        return True
    """,
    "make a fifo": CALL.format("os.mkfifo('@FOLDER@/new')"),
    # --- other processes ---------------------------------------------------------------------
    "kill a process": """
    import os
    def double(x):
        os.kill(@VICTIM@, 9)
        return True
    """,
    "kill by its thread": CTYPES
    + """
    def double(x):
        tgkill = 234 if os.uname().machine == "x86_64" else 131
        return libc.syscall(tgkill, @VICTIM@, @VICTIM@, 9) == 0
    """,
    "signal through a file descriptor's owner": """
    import fcntl
    import os
    import time
    def double(x):
        read, write = os.pipe()
        fcntl.fcntl(read, 8, @VICTIM@)
        fcntl.fcntl(read, 10, 9)
        fcntl.fcntl(read, fcntl.F_SETFL, os.O_NONBLOCK | 0o20000)
        os.write(write, b"x")
        time.sleep(0.2)
        return fcntl.fcntl(read, 9) == @VICTIM@
    """,
    "kill by a descriptor of the process": CTYPES
    + """
    import signal
    def double(x):
        process = os.pidfd_open(@VICTIM@)
        signal.pidfd_send_signal(process, 9)
        return True
    """,
    "kill by a queued signal": CTYPES
    + """
    def double(x):
        return libc.sigqueue(@VICTIM@, 9, 0) == 0
    """,
    "kill by tkill": CTYPES
    + """
    def double(x):
        tkill = 200 if os.uname().machine == "x86_64" else 130
        return libc.syscall(tkill, @VICTIM@, 9) == 0
    """,
    "bind a process to a processor": """
    import os
    def double(x):
        os.sched_setaffinity(@VICTIM@, {min(os.sched_getaffinity(0))})
        return True
    """,
    "change a process's scheduling": """
    import os
    def double(x):
        os.sched_setscheduler(@VICTIM@, os.SCHED_BATCH, os.sched_param(0))
        return True
    """,
    "change a process's priority on the disk": CTYPES
    + """
    def double(x):
        number = 251 if os.uname().machine == "x86_64" else 30
        return libc.syscall(number, 1, @VICTIM@, 3 << 13) == 0
    """,
    "fork through C": CTYPES
    + """
    def double(x):
        pid = libc.fork()
        if pid == 0:
            libc._exit(0)
        if pid > 0:
            os.waitpid(pid, 0)
        return pid > 0
    """,
    "fork in a thread": """
    import os
    import threading
    def double(x):
        made = []
        def work():
            pid = os.fork()
            if pid == 0:
                os._exit(0)
            os.waitpid(pid, 0)
            made.append(pid)
        one = threading.Thread(target=work)
        one.start()
        one.join()
        return len(made) == 1
    """,
    "a process on a terminal of its own": """
    import os
    import pty
    def double(x):
        pid, number = pty.fork()
        if pid == 0:
            os._exit(0)
        os.waitpid(pid, 0)
        return True
    """,
    "renice a process": """
    import os
    def double(x):
        os.setpriority(os.PRIO_PROCESS, @VICTIM@, 19)
        return True
    """,
    "set a process's limits": """
    import resource
    def double(x):
        resource.prlimit(@VICTIM@, resource.RLIMIT_CORE, (0, 0))
        return True
    """,
    "fork": """
    import os
    def double(x):
        pid = os.fork()
        if pid == 0:
            os._exit(0)
        os.waitpid(pid, 0)
        return True
    """,
    "fork fifty times": """
    import os
    def double(x):
        made = []
        for _ in range(50):
            pid = os.fork()
            if pid == 0:
                os._exit(0)
            made.append(pid)
        for pid in made:
            os.waitpid(pid, 0)
        return len(made) == 50
    """,
    "vfork and clone3 by number": CTYPES
    + """
    def double(x):
        arguments = (ctypes.c_uint64 * 8)(0, 0, 0, 0, 17, 0, 0, 0)
        pid = libc.syscall(435, arguments, 64)
        if pid == 0:
            os._exit(0)
        if pid > 0:
            os.waitpid(pid, 0)
        return pid > 0
    """,
    "subprocess": """
    import subprocess
    def double(x):
        return subprocess.run(["/bin/echo", "hi"], capture_output=True).stdout == b"hi\\n"
    """,
    "os.system": "import os\ndef double(x):\n    return os.system('true') == 0\n",
    "posix_spawn": """
    import os
    def double(x):
        return os.waitpid(os.posix_spawn("/bin/true", ["true"], {}), 0)[1] == 0
    """,
    "multiprocessing": """
    import multiprocessing
    def double(x):
        one = multiprocessing.get_context("fork").Process(target=print)
        one.start()
        one.join()
        return one.exitcode == 0
    """,
    "a program from memory": """
    import os
    def double(x):
        number = os.memfd_create("x")
        os.write(number, open("/bin/true", "rb").read())
        pid = os.fork()
        if pid == 0:
            os.execve(number, ["true"], {})
        return os.waitpid(pid, 0)[1] == 0
    """,
    # --- network -----------------------------------------------------------------------------
    "connect by TCP": SOCKET.format(
        family="socket.AF_INET", kind="socket.SOCK_STREAM", does="one.connect(('127.0.0.1', @TCP@))"
    ),
    "send by UDP": SOCKET.format(
        family="socket.AF_INET",
        kind="socket.SOCK_DGRAM",
        does="one.sendto(b'x', ('127.0.0.1', @UDP@))",
    ),
    "listen on TCP": SOCKET.format(
        family="socket.AF_INET",
        kind="socket.SOCK_STREAM",
        does="one.bind(('127.0.0.1', 0)); one.listen()",
    ),
    "listen on IPv6": SOCKET.format(
        family="socket.AF_INET6", kind="socket.SOCK_DGRAM", does="one.bind(('::', 0))"
    ),
    "connect to a socket in a folder": SOCKET.format(
        family="socket.AF_UNIX", kind="socket.SOCK_STREAM", does="one.connect('@UNIX@')"
    ),
    "connect to an abstract socket": SOCKET.format(
        family="socket.AF_UNIX", kind="socket.SOCK_STREAM", does="one.connect('\\0@ABSTRACT@')"
    ),
    "netlink": SOCKET.format(
        family="socket.AF_NETLINK", kind="socket.SOCK_RAW", does="one.bind((0, 0))"
    ),
    "sockets of every family": """
    import socket
    def double(x):
        made = 0
        for family in range(1, 46):
            for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.SOCK_RAW,
                         socket.SOCK_SEQPACKET, socket.SOCK_RDM):
                try:
                    socket.socket(family, kind).close()
                    made += 1
                except OSError:
                    pass
        return made > 3 or made
    """,
    "pass a descriptor over a socket": """
    import os
    import socket
    def double(x):
        one = socket.socket(socket.AF_UNIX)
        one.connect("\\0@ABSTRACT@")
        return socket.send_fds(one, [b"x"], [os.open(os.devnull, os.O_RDONLY)]) == 1
    """,
    "socketpair": "import socket\ndef double(x):\n    socket.socketpair()\n    return True\n",
    # --- the kernel --------------------------------------------------------------------------
    "new namespaces": CTYPES
    + """
    def double(x):
        return libc.unshare(0x10000000) == 0
    """,
    "System V shared memory, which stays": CTYPES
    + """
    def double(x):
        number = libc.shmget(0, 4096, 0o1600)
        if number >= 0:
            libc.shmctl(number, 0, 0)
        return number >= 0
    """,
    "System V semaphores, which stay": CTYPES
    + """
    def double(x):
        number = libc.semget(0, 1, 0o1600)
        if number >= 0:
            libc.semctl(number, 0, 0)
        return number >= 0
    """,
    "a System V message queue, which stays": CTYPES
    + """
    def double(x):
        number = libc.msgget(0, 0o1600)
        if number >= 0:
            libc.msgctl(number, 0, 0)
        return number >= 0
    """,
    "a POSIX message queue, which stays": CTYPES
    + """
    def double(x):
        library = ctypes.CDLL("librt.so.1", use_errno=True)
        name = b"/lstm-lab-%d" % os.getpid()
        number = library.mq_open(name, os.O_CREAT | os.O_RDWR, 0o600, None)
        library.mq_unlink(name)
        return number >= 0
    """,
    "POSIX shared memory, which stays": """
    import os
    def double(x):
        path = f"/dev/shm/lstm-lab-{os.getpid()}"
        open(path, "w").close()
        os.unlink(path)
        return True
    """,
    "a lease on a file that others open": """
    import fcntl
    import os
    def double(x):
        open("mine", "w").close()
        fcntl.fcntl(os.open("mine", os.O_RDONLY), fcntl.F_SETLEASE, fcntl.F_RDLCK)
        return True
    """,
    "a note of each change in a folder": """
    import fcntl
    import os
    import signal
    def double(x):
        signal.signal(signal.SIGIO, signal.SIG_IGN)
        fcntl.fcntl(os.open(".", os.O_RDONLY), fcntl.F_NOTIFY, fcntl.DN_CREATE)
        return True
    """,
    "inotify": CTYPES
    + """
    def double(x):
        return libc.inotify_init1(0) >= 0
    """,
    "flush every disk": CTYPES
    + """
    def double(x):
        return libc.syncfs(os.open(".", os.O_RDONLY)) == 0
    """,
    "userfaultfd": CTYPES
    + """
    def double(x):
        number = 323 if os.uname().machine == "x86_64" else 282
        return libc.syscall(number, 1) >= 0
    """,
    "perf_event_open": CTYPES
    + """
    def double(x):
        number = 298 if os.uname().machine == "x86_64" else 241
        # a wrong pointer (EFAULT) shows that the call is there
        return libc.syscall(number, 1, 0, -1, -1, 0) == -1 and ctypes.get_errno() == 14
    """,
    "another personality": CTYPES
    + """
    def double(x):
        return libc.personality(0x0040000) >= 0
    """,
    "io_uring": CTYPES
    + """
    def double(x):
        # a wrong pointer (EFAULT) shows that the call is there
        return libc.syscall(425, 1, 0) == -1 and ctypes.get_errno() == 14
    """,
    "keys of the kernel": CTYPES
    + """
    def double(x):
        number = 219 if os.uname().machine == "aarch64" else 250
        return libc.syscall(number, 0, -3, 0) != -1 or ctypes.get_errno() not in (1, 38)
    """,
}

# What one layer alone leaves open; everything else it must hold without the others.
OPEN = {
    "landlock": {
        "chmod a file", "set a file's times", "signal through a file descriptor's owner",
        "set a process's limits", "fork", "fork fifty times", "vfork and clone3 by number",
        "multiprocessing", "send by UDP", "listen on IPv6", "connect to a socket in a folder",
        "netlink", "socketpair", "new namespaces", "System V shared memory, which stays",
        "io_uring", "keys of the kernel", "fork through C", "fork in a thread",
        "sockets of every family", "System V semaphores, which stay",
        "a System V message queue, which stays", "a lease on a file that others open",
        "a note of each change in a folder", "inotify", "flush every disk", "userfaultfd",
        "perf_event_open", "another personality",
        # held where root's process is the victim, since the capabilities are gone
        "renice a process", "bind a process to a processor", "change a process's scheduling",
        "change a process's priority on the disk",
    },
    "seccomp": {
        "read a file beside", "read it through ..", "read it through a link in its own folder",
        "read it through a hard link", "read it through mmap", "read it through numpy",
        "list the folder", "read /etc/passwd", "read a process's command line",
        "find other processes", "write a file", "write over a file", "append to a file",
        "truncate a file", "delete a file", "rename a file", "make a folder", "remove a tree",
        "make a fifo", "read the solutions", "read the tests", "read a sibling's submission",
        "read the instructor's key", "read the solutions of this very course",
        "look for solutions on the whole disk", "read it by a descriptor that only names it",
        "read it through its own root", "read it through another process's root",
        "read it by openat2", "POSIX shared memory, which stays",
    },
}  # fmt: skip
