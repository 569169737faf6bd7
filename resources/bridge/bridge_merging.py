# SPDX-License-Identifier: MIT
"""A part of the bridge, which is sent as one text: see stepwell_bridge.py.

Lets the project's Alembic write a merge revision, into a folder that is gone again afterwards."""
import base64
import contextlib
import os
import shutil
import subprocess
import sys
import tempfile


class Merging:
    """`alembic merge` for {heads, message, labels, revision}; the revision folders stay as they are.

    The file is rendered and its hooks are run under the name that Alembic gives it. With hooks that folder lies
    beside the project's revisions, as formatters look for their settings above the file."""

    def __init__(self, bridge, channel, request):
        self._bridge = bridge
        self._channel = channel
        self._request = request
        self._folder = ""
        self._path = ""  # where Alembic would write
        self._copy = ""
        self._made = set()  # folders that Alembic would make
        self._phase = "alembic"
        self._hook = ""
        self._failed_hooks = []
        self._ran_env = False

    def result(self):
        # The project stays as it is: no __pycache__, neither here nor in what hooks start.
        sys.dont_write_bytecode = True
        os.environ["PYTHONDONTWRITEBYTECODE"] = "1"
        self._bridge._load_revisions()
        script = self._bridge._script
        hooks = hook_names(script)
        self._folder = temporary_folder(script.dir if hooks else None)
        self._channel.send("folder", path=self._folder)
        output = Captured()
        try:
            with output:
                self._merge(script, output)
            with open(self._copy, "rb") as file:
                content = file.read()
        except Exception as error:
            raise self._failure(error) from error
        finally:
            self._channel.send("merge_output", text=output.text.replace(self._copy or "\0", self._path))
            shutil.rmtree(self._folder, ignore_errors=True)
            self._bridge._script = None  # it knows a revision now that is in no file
        return {
            "revision": self._revision, "path": self._path, "content": base64.b64encode(content).decode("ascii"),
            "ran_env": self._ran_env, "hooks": hooks, "failed_hooks": self._failed_hooks,
        }

    def _merge(self, script, output):
        from alembic import util

        request = self._request
        heads, labels = tuple(request["heads"]), list(request["labels"])
        config = self._config(heads, labels)
        template_args = {"config": config}
        if util.asbool(config.get_main_option("revision_environment")):
            self._phase, self._ran_env = "env", True
            self._bridge._run_env(config, lambda _rows, _context: [], as_sql=False, template_args=template_args)
            self._phase = "alembic"
        self._revision = request["revision"] or util.rev_id()
        with self._redirected(script, output):
            made = script.generate_revision(
                self._revision, request["message"], refresh=True, head=heads, branch_labels=labels or None,
                **template_args
            )
        if made is None:
            raise Veto("", "Alembic does not take %s for a revision file" % os.path.basename(self._path))
        folder = os.path.dirname(self._path)
        if not os.path.isdir(folder) and not self._made & {folder, os.path.dirname(self._copy)}:
            raise FileNotFoundError("there is no folder %s" % folder)

    def _config(self, heads, labels):
        """With the options of the command line, which env.py may look at."""
        request = self._request
        options = ["merge", "--message=" + request["message"]]
        if request["revision"]:
            options.append("--rev-id=" + request["revision"])
        if labels:
            options.append("--branch-label=" + labels[0])
        return self._bridge._config(*(options + list(heads)))

    @contextlib.contextmanager
    def _redirected(self, script, output):
        """Alembic's own steps, with this folder for its files. What is replaced belongs to this script alone or
        is put back."""
        from alembic.script import write_hooks

        rev_path, generate = script._rev_path, script._generate_template
        run_hooks, invoke = write_hooks._run_hooks, write_hooks._invoke
        merging = self

        def redirected_path(folder, *arguments, **named):
            path = rev_path(folder, *arguments, **named)
            merging._path = os.path.abspath(str(path))
            inside = os.path.relpath(merging._path, os.path.abspath(str(folder)))
            inside = os.path.basename(merging._path) if inside.startswith("..") else inside
            merging._copy = os.path.join(merging._folder, inside)
            os.makedirs(os.path.dirname(merging._copy), exist_ok=True)
            return type(path)(merging._copy)

        def generated(*arguments, **named):
            merging._phase = "template"
            with output.dropped():
                generate(*arguments, **named)
            merging._phase = "file"

        def hooks_run(*arguments, **named):
            merging._phase = "hook"
            run_hooks(*arguments, **named)
            merging._phase = "file"

        def hook_invoked(name, revision, options):
            merging._hook = options.get("_hook_name") or name
            return invoke(name, revision, options)

        class Programs:
            """subprocess, for hooks: Alembic does not look at how they end."""

            def __getattr__(self, name):
                return getattr(subprocess, name)

            def run(self, *arguments, **named):
                done = subprocess.run(*arguments, **named)
                if done.returncode:
                    merging._failed_hooks.append({"name": merging._hook, "exit_code": done.returncode})
                return done

        script._rev_path, script._generate_template = redirected_path, generated
        script._ensure_directory = lambda path: merging._made.add(os.path.abspath(str(path)))
        write_hooks._run_hooks, write_hooks._invoke, write_hooks.subprocess = hooks_run, hook_invoked, Programs()
        before = tempfile.tempdir
        tempfile.tempdir = self._folder  # where Alembic leaves what it says of a template
        try:
            yield
        finally:
            tempfile.tempdir = before
            write_hooks._run_hooks, write_hooks._invoke, write_hooks.subprocess = run_hooks, invoke, subprocess

    def _failure(self, error):
        """What is told of an error, by what was being done; env.py's own errors are told as always."""
        if self._phase == "env":
            return error
        message = error.args[0] if isinstance(error, Veto) else "%s: %s" % (type(error).__name__, plain_message(error))
        traceback = stack_text(error)
        if self._phase == "template":
            said = self._said_of_template()
            if said:
                message, traceback = said.strip().splitlines()[-1], said
        elif type(error).__name__ == "CommandError":
            message = plain_message(error)
        return Veto(
            "merge-" + self._phase, message, hook=self._hook, traceback=traceback,
            template=os.path.join(self._bridge._script.dir, "script.py.mako"),
        )

    def _said_of_template(self):
        for name in sorted(os.listdir(self._folder)):
            if name.endswith(".txt"):
                with open(os.path.join(self._folder, name), encoding="utf-8", errors="replace") as file:
                    return file.read()
        return ""


class Captured:
    """What is printed meanwhile, by this process and those it starts."""

    def __init__(self):
        self.text = ""

    def __enter__(self):
        self._flush()
        self._file = tempfile.TemporaryFile()
        self._before = [(number, os.dup(number)) for number in (1, 2)]
        for number, _copy in self._before:
            os.dup2(self._file.fileno(), number)
        return self

    def __exit__(self, *_error):
        self._flush()
        for number, copy in self._before:
            os.dup2(copy, number)
            os.close(copy)
        self._file.seek(0)
        self.text = self._file.read().decode("utf-8", "replace")
        self._file.close()

    @contextlib.contextmanager
    def dropped(self):
        """Without what is printed inside: Alembic's word that it wrote a file, which it did not."""
        self._flush()
        start = os.lseek(1, 0, os.SEEK_CUR)
        try:
            yield
        finally:
            self._flush()
            os.ftruncate(1, start)
            os.lseek(1, start, os.SEEK_SET)

    def _flush(self):
        sys.stdout.flush()
        sys.stderr.flush()


def hook_names(script):
    """Alembic 1.16 and newer have a list of hooks, the others the options of their section."""
    hooks = getattr(script, "hooks", None)
    if hooks is not None:
        return [str(hook.get("_hook_name", "")) for hook in hooks]
    return (getattr(script, "hook_config", None) or {}).get("hooks", "").replace(",", " ").split()


def temporary_folder(wanted):
    try:
        return tempfile.mkdtemp(prefix=".stepwell-merge-", dir=wanted)
    except OSError:
        return tempfile.mkdtemp(prefix=".stepwell-merge-")
