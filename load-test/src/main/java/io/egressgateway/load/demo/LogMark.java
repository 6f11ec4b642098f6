package io.egressgateway.load.demo;

/** Lines of the processes' logs that tell a step of a takeover. */
enum LogMark {
  SILENT("controller-", "kind=SILENT", "no sign of life: the witnesses are asked"),
  CERTIFICATE(
      "controller-", "session over", "certificate: a majority says that the lease has ended"),
  COMMIT("controller-", "state=Owned", "the new holder is in the journal"),
  GRANT("controller-", "event=EipGranted", "granted to the new holder"),
  GATE("agent-", "gate opened", "the gate in its kernel opens");

  private final String writer;
  private final String text;
  private final String meaning;

  LogMark(String writer, String text, String meaning) {
    this.writer = writer;
    this.text = text;
    this.meaning = meaning;
  }

  /** What the name of the process begins with. */
  String writer() {
    return writer;
  }

  /** What stands in the line. */
  String text() {
    return text;
  }

  /** What it means. */
  String meaning() {
    return meaning;
  }
}
