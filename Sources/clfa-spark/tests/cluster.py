"""A standalone Spark cluster on this machine: a master on 127.0.0.1, a worker with one core on 127.0.0.2 and on .3.

Two addresses make two hosts for Spark, without which it never speculates. Everything is below one folder: `tmp` has the
temporary files of Python and clfa, `java` and `local` those of Spark, which leaves some behind when a JVM is killed.
"""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
import uuid

import pyspark

HOSTS = ("127.0.0.2", "127.0.0.3")
JAVA = "-XX:-UsePerfData -XX:TieredStopAtLevel=1 -Xshare:auto"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Cluster:
    """Starts the master and the workers; a worker that dies is started again, as a service manager does."""

    def __init__(self, folder, hosts=HOSTS, cores=1):
        self.folder, self.cores = folder, cores
        self.mark = uuid.uuid4().hex
        self.master = f"spark://127.0.0.1:{free_port()}"
        for name in ("work", "local", "java", "tmp", "logs"):
            os.makedirs(f"{folder}/{name}")
        java = f"{JAVA} -Djava.io.tmpdir={folder}/java -Dspark.deploy.maxExecutorRetries=-1"
        self.environment = {
            **os.environ, "CLFA_SPARK_TEST": self.mark, "SPARK_HOME": os.path.dirname(pyspark.__file__),
            "SPARK_LOCAL_DIRS": f"{folder}/local", "SPARK_WORKER_DIR": f"{folder}/work", "TMPDIR": f"{folder}/tmp",
            "SPARK_DAEMON_MEMORY": "256m", "SPARK_DAEMON_JAVA_OPTS": java, "SPARK_NO_DAEMONIZE": "1"}
        self.environment.pop("SPARK_LOCAL_IP", None)
        self.restarts = 0
        self._stopping = threading.Event()
        self._processes = {}
        self._launch("master", "master.Master", "--host", "127.0.0.1", "--port", self.master.rpartition(":")[2],
                     "--webui-port", "0")
        for host in hosts:
            self._worker(host)
        self._keeper = threading.Thread(target=self._keep, daemon=True)
        self._keeper.start()

    def settings(self):
        """What a driver sets."""
        java = f"{JAVA} -Djava.io.tmpdir={self.folder}/java"
        return {
            "spark.master": self.master, "spark.driver.host": "127.0.0.1", "spark.driver.bindAddress": "127.0.0.1",
            "spark.ui.enabled": "false", "spark.executor.memory": "512m", "spark.local.dir": f"{self.folder}/local",
            "spark.executor.cores": str(self.cores), "spark.task.cpus": str(self.cores),
            "spark.executor.extraJavaOptions": java, "spark.driver.extraJavaOptions": java,
            "spark.sql.warehouse.dir": f"{self.folder}/java", "spark.pyspark.python": sys.executable}

    def _launch(self, name, kind, *arguments):
        log = open(f"{self.folder}/logs/{name}.log", "ab")
        self._processes[name] = subprocess.Popen(
            [f"{self.environment['SPARK_HOME']}/bin/spark-class", f"org.apache.spark.deploy.{kind}", *arguments],
            env=self.environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        log.close()

    def _worker(self, host):
        self._launch(host, "worker.Worker", "--host", host, "--cores", str(self.cores), "--memory", "1g",
                     "--webui-port", "0", self.master)

    def _keep(self):
        while not self._stopping.wait(0.1):
            for name, process in list(self._processes.items()):
                if name != "master" and process.poll() is not None:
                    self.restarts += 1
                    self._worker(name)

    def processes(self, kind=None):
        """The ids of the cluster's processes: all, or the `worker`, `executor`, `python` or `clfa` ones."""
        found = {}
        for entry in os.listdir("/proc"):
            if not entry.isdigit():
                continue
            try:
                with open(f"/proc/{entry}/environ", "rb") as file:
                    if self.mark.encode() not in file.read():
                        continue
                with open(f"/proc/{entry}/cmdline", "rb") as file:
                    words = file.read().decode("utf-8", "replace").split("\0")
                with open(f"/proc/{entry}/stat") as file:
                    state, parent = file.read().rpartition(")")[2].split()[:2]
            except OSError:
                continue  # It has just ended.
            if state != "Z":
                found[int(entry)] = (words, int(parent))

        def kind_of(words, parent):
            if "stream" in words and "--model" in words:
                return "clfa"
            if "pyspark.daemon" in words:
                return "python" if parent in found and "pyspark.daemon" in found[parent][0] else "daemon"
            line = " ".join(words)
            return ("worker" if "deploy.worker.Worker" in line else
                    "executor" if "CoarseGrainedExecutorBackend" in line else "other")

        return sorted(pid for pid, (words, parent) in found.items() if kind in (None, kind_of(words, parent)))

    def wait(self, count):
        """Waits until `count` workers have registered with the master."""
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            with open(f"{self.folder}/logs/master.log", errors="replace") as file:
                if file.read().count("Registering worker") >= count:
                    return
            time.sleep(0.1)
        raise RuntimeError(f"the workers did not start; see {self.folder}/logs")

    def stop(self):
        """Stops everything, and returns the processes that did not end by themselves within ten seconds."""
        self._stopping.set()
        self._keeper.join()
        for process in self._processes.values():
            process.send_signal(signal.SIGTERM)
        deadline = time.monotonic() + 10
        for process in self._processes.values():
            try:
                process.wait(max(deadline - time.monotonic(), 0.1))
            except subprocess.TimeoutExpired:
                pass
        while time.monotonic() < deadline and self.processes():
            time.sleep(0.1)
        left = self.processes()
        for pid in left:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        return left
