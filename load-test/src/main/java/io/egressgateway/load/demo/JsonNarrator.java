package io.egressgateway.load.demo;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintStream;

/** One object per line for each step and for the result; everything else goes to stderr. */
final class JsonNarrator implements Narrator {
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private final PrintStream out;
  private final PrintStream err;

  JsonNarrator(PrintStream out, PrintStream err) {
    this.out = out;
    this.err = err;
  }

  @Override
  public void begin(Step step) {
    // one object per step, when it has ended
  }

  @Override
  public void end(Step step, long millis) {
    print(MAPPER.createObjectNode().put("step", step.name()).put("ok", true).put("ms", millis));
  }

  @Override
  public void fail(Step step, long millis, Exception reason) {
    print(
        MAPPER
            .createObjectNode()
            .put("step", step.name())
            .put("ok", false)
            .put("ms", millis)
            .put("error", String.valueOf(reason.getMessage())));
  }

  @Override
  public void shell(String prompt, String command, String output) {
    // for people
  }

  @Override
  public void say(String text) {
    err.println(text);
  }

  @Override
  public void event(String text) {
    err.println(text);
  }

  @Override
  public void result(DemoResult result) {
    print(result.toJson(MAPPER.createObjectNode()));
  }

  private synchronized void print(ObjectNode object) {
    out.println(object);
    out.flush();
  }
}
