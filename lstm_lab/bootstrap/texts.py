"""Every sentence of the set-up, in both languages, and the error that carries one."""

from __future__ import annotations

from lstm_lab.errors import UserError
from lstm_lab.i18n import language

__all__ = ["TEXTS", "SetupError", "speak", "text"]

TEXTS: dict[str, tuple[str, str]] = {
    "help": (
        """LSTM Lab

  python3 lab.py                 set up (first time only) and open the course in JupyterLab
  python3 lab.py test [ARGS]     set up and run the tests (ARGS go to pytest;
                                 --quick: those of two minutes)
  python3 lab.py setup           set up and stop
  python3 lab.py WORDS           set up and run `lstm-lab WORDS` (try: python3 lab.py help)

  --lang en|zh         language (otherwise the system's)
  --index URL          take packages from this index (a mirror), e.g. where PyPI is slow
  --torch-index URL    take PyTorch's CPU build from this index
  --cuda               accept a PyTorch with CUDA (several GB) if there is no other

What follows `open` and is not listed here goes to JupyterLab:
  python3 lab.py open --no-browser --port 18890""",
        """LSTM Lab

  python3 lab.py                 安装（仅第一次）并在 JupyterLab 中打开课程
  python3 lab.py test [参数]     安装并运行测试（参数交给 pytest；
                                 --quick：只运行两分钟以内的测试）
  python3 lab.py setup           只安装
  python3 lab.py 命令            安装并运行 `lstm-lab 命令`（可试：python3 lab.py help）

  --lang en|zh         语言（默认为系统语言）
  --index URL          从该软件源（镜像）下载，例如 PyPI 较慢时
  --torch-index URL    从该软件源下载 PyTorch 的 CPU 版
  --cuda               若没有其他版本，接受带 CUDA 的 PyTorch（数 GB）

`open` 后面未在此列出的参数会交给 JupyterLab：
  python3 lab.py open --no-browser --port 18890""",
    ),
    # ---- progress
    "begin": (
        "Setting up LSTM Lab in {folder} (only this once, about {size} GB)",
        "正在 {folder} 中安装 LSTM Lab（仅此一次，约 {size} GB）",
    ),
    "again": (
        "More packages are needed; adding them to {folder}",
        "需要更多软件包，正在添加到 {folder}",
    ),
    "step_venv": ("Python environment", "Python 环境"),
    "step_mend": ("Repairing the Python environment: {reason}", "修复 Python 环境：{reason}"),
    "step_torch": ("PyTorch", "PyTorch"),
    "step_base": ("JupyterLab and the other packages", "JupyterLab 及其他软件包"),
    "step_fast": ("Compiled loops (numba)", "编译加速（numba）"),
    "step_dev": ("Tools for tests", "测试工具"),
    "ready": ("Ready.", "安装完成。"),
    "retry": ("That failed; trying once more.", "失败，再试一次。"),
    "waiting": (
        "Another set-up of this folder is running; waiting for it to end.",
        "此文件夹正在进行另一次安装，等待其结束。",
    ),
    "no_fast": (
        "No numba to be had: everything works, small loops run slower.",
        "没有可用的 numba：一切功能正常，只是小循环会慢一些。",
    ),
    "interrupted": (
        "Stopped. The next `python3 lab.py` continues here.",
        "已中断。下次运行 `python3 lab.py` 时会从这里继续。",
    ),
    # ---- why a .venv is mended
    "reason_python": ("its Python does not run", "其中的 Python 无法运行"),
    "reason_old": (
        "it belongs to Python {found}, and {needed} or newer is needed",
        "它属于 Python {found}，而本课程需要 {needed} 或更新的版本",
    ),
    "reason_mixed": (
        "it was made for Python {made}, and its Python is now {found}",
        "它是为 Python {made} 创建的，而现在的 Python 是 {found}",
    ),
    "reason_pip": ("its pip does not answer", "其中的 pip 无法使用"),
    # ---- failures: each is provoked by a test
    "usage": (
        "lab.py: {problem}. `python3 lab.py --help` says what there is.",
        "lab.py：{problem}。可用 `python3 lab.py --help` 查看用法。",
    ),
    "usage_value": ("{option} needs a value", "{option} 需要一个值"),
    "usage_lang": ("--lang is en or zh, not {found}", "--lang 只能是 en 或 zh，而不是 {found}"),
    "no_venv": (
        "This Python ({python}) has no {module}, which is needed to make an environment.\n{cure}",
        "当前的 Python（{python}）缺少创建环境所需的 {module}。\n{cure}",
    ),
    "cure_debian": (
        "Please install it:  sudo apt install python{version}-venv   and run lab.py again.",
        "请安装：  sudo apt install python{version}-venv   然后重新运行 lab.py。",
    ),
    "cure_other": (
        "Please install Python's venv package, or a Python from https://www.python.org/downloads/, "
        "and run lab.py again.",
        "请安装 Python 的 venv 软件包，或从 https://www.python.org/downloads/ 安装 Python，"
        "然后重新运行 lab.py。",
    ),
    "not_a_folder": (
        "{path} is a file, and the environment is to be a folder of that name: "
        "please move the file away.",
        "{path} 是一个文件，而环境需要同名的文件夹：请移走该文件。",
    ),
    "venv_failed": (
        "The environment in {folder} could not be made. Python said:\n{tail}",
        "无法在 {folder} 中创建环境。Python 的输出：\n{tail}",
    ),
    "network": (
        "The packages could not be downloaded: no connection to the package index.\n"
        "Check the network, then run lab.py again; it continues where it stopped. "
        "Behind a proxy set HTTPS_PROXY; a mirror is named by --index URL.\n"
        "The full record: {log}",
        "无法下载软件包：连接不到软件源。\n"
        "请检查网络后重新运行 lab.py，它会从中断处继续。"
        "使用代理时请设置 HTTPS_PROXY；可用 --index URL 指定镜像。\n"
        "完整记录：{log}",
    ),
    "disk": (
        "The disk is full. LSTM Lab needs about {need} GB; free now: {free}.\n"
        "Make room and run lab.py again; it continues where it stopped.",
        "磁盘空间不足。LSTM Lab 需要约 {need} GB；现有可用空间：{free}。\n"
        "请腾出空间后重新运行 lab.py，它会从中断处继续。",
    ),
    "free_on": ("{free} GB on {path}", "{path} 上 {free} GB"),
    "permission": (
        "No permission to write in {folder}. Please put the course in a folder of your own.\n"
        "The full record: {log}",
        "没有写入 {folder} 的权限。请把课程放在你自己的文件夹中。\n完整记录：{log}",
    ),
    "no_torch": (
        "There is no PyTorch for this platform ({platform}, Python {version}).\n"
        "PyTorch has builds for 64-bit Linux, Windows and macOS on Apple silicon, and a little "
        "after each new Python appears. Try an older Python (>= {needed}), or conda: "
        "conda env create -f environment.yml",
        "没有适用于此平台的 PyTorch（{platform}，Python {version}）。\n"
        "PyTorch 提供 64 位 Linux、Windows 和 Apple 芯片 macOS 的版本，新版 Python 发布后需稍等。"
        "请尝试较旧的 Python（>= {needed}），或使用 conda：conda env create -f environment.yml",
    ),
    "no_torch_on_index": (
        "The index {index} has no PyTorch for this platform ({platform}, Python {version}).\n"
        "Please check its address (it ends in /simple for most mirrors), or leave --index away.",
        "软件源 {index} 没有适用于此平台的 PyTorch（{platform}，Python {version}）。\n"
        "请检查其地址（多数镜像以 /simple 结尾），或去掉 --index。",
    ),
    "cuda": (
        "The only PyTorch {version} to be had here is the one with CUDA (several GB): "
        "the CPU build's index, {index}, gave none.\n"
        "Check the network and run lab.py again; or name a mirror of that index with "
        "--torch-index URL; or accept the large one with --cuda.",
        "此处只能得到带 CUDA 的 PyTorch {version}（数 GB）："
        "CPU 版软件源 {index} 没有提供可用版本。\n"
        "请检查网络后重新运行 lab.py；或用 --torch-index URL 指定该软件源的镜像；"
        "或用 --cuda 接受大的版本。",
    ),
    "cuda_ask": (
        "Only the PyTorch with CUDA is to be had (version {version}, several GB), because the CPU "
        "build's index, {index}, gave none. Take it? [y/N] ",
        "只能得到带 CUDA 的 PyTorch（版本 {version}，数 GB），因为 CPU 版软件源 {index} "
        "没有提供可用版本。要下载吗？[y/N] ",
    ),
    "missing": (
        "The package index has no {package} for this platform ({platform}, Python {version}).\n"
        "The full record: {log}",
        "软件源中没有适用于此平台的 {package}（{platform}，Python {version}）。\n完整记录：{log}",
    ),
    "pip_failed": (
        "pip could not install the packages. It said:\n{tail}\nThe full record: {log}",
        "pip 无法安装软件包。它的输出：\n{tail}\n完整记录：{log}",
    ),
}

_spoken: list[str] = []


def speak(lang: str | None) -> str:
    """Choose the language of all later texts: `lang`, or the system's; return it."""
    _spoken[:] = [lang or language()]
    return _spoken[0]


def text(key: str, **values: object) -> str:
    """Return one sentence in the chosen language, its placeholders filled.

    Examples
    --------
    >>> chosen = speak("zh")
    >>> text("step_torch"), text("free_on", free="1.2", path="/home")
    ('PyTorch', '/home 上 1.2 GB')
    """
    lang = _spoken[0] if _spoken else language()
    return TEXTS[key][1 if lang == "zh" else 0].format(**values)


class SetupError(UserError):
    """The set-up cannot go on; `key` says why and names the sentence."""

    def __init__(self, key: str, **values: object) -> None:
        self.key = key
        super().__init__(text(key, **values))
