package io.egressgateway.load.nettools;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The client's command line.
 *
 * @param endpoint the server
 * @param protocols asked in this order
 * @param pace how long and how often
 * @param expectation what the server must have seen
 */
record ClientOptions(
    Endpoint endpoint, List<Protocol> protocols, Pace pace, Expectation expectation) {
  private static final int COUNT_MAX = 1_000_000;
  private static final Pattern LITERAL = Pattern.compile("[0-9.]+|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*");
  private static final List<Flags.Flag> FLAGS = flags();

  /**
   * How long and how often to ask.
   *
   * @param timeout for one answer
   * @param count how many answers per protocol
   * @param interval between them
   * @param output what is printed
   */
  record Pace(Duration timeout, int count, Duration interval, Output output) {}

  enum Output {
    /** The server's own words. */
    TEXT,
    /** One JSON object per answer. */
    JSON
  }

  /** What the server must have seen. */
  sealed interface Expectation {
    boolean isMet(String seen);

    /** Any address will do. */
    record Anything() implements Expectation {
      @Override
      public boolean isMet(String seen) {
        return true;
      }
    }

    /** One of these. */
    record OneOf(List<String> addresses) implements Expectation {
      @Override
      public boolean isMet(String seen) {
        return addresses.contains(seen);
      }
    }

    /** None of these. */
    record NoneOf(List<String> addresses) implements Expectation {
      @Override
      public boolean isMet(String seen) {
        return !addresses.contains(seen);
      }
    }
  }

  ClientOptions {
    protocols = List.copyOf(protocols);
  }

  static ClientOptions parse(List<String> args) throws Flags.HelpException, Flags.UsageException {
    Flags flags = Flags.parse("client", FLAGS, args);
    Pace pace =
        new Pace(
            flags.duration("timeout"),
            flags.number("count", COUNT_MAX),
            flags.duration("interval"),
            flags.flag("batch") ? Output.JSON : Output.TEXT);
    return new ClientOptions(
        Endpoint.parse(flags), Protocol.parse(flags), pace, expectation(flags));
  }

  private static Expectation expectation(Flags flags) throws Flags.UsageException {
    boolean contain = flags.flag("contain");
    if (flags.text("eip").isEmpty()) {
      if (!contain) {
        throw new Flags.UsageException("-contain=false needs -eip: the addresses not to be seen");
      }
      return new Expectation.Anything();
    }
    List<String> addresses = new ArrayList<>();
    for (String text : flags.text("eip").split(",", -1)) {
      addresses.add(canonical(flags, text.strip()));
    }
    return contain
        ? new Expectation.OneOf(List.copyOf(addresses))
        : new Expectation.NoneOf(List.copyOf(addresses));
  }

  private static String canonical(Flags flags, String text) throws Flags.UsageException {
    try {
      // Only what looks like a literal reaches getByName, which would ask DNS for the rest.
      if (LITERAL.matcher(text).matches()) {
        return AddressText.of(InetAddress.getByName(text));
      }
    } catch (UnknownHostException notAnAddress) {
      throw flags.bad("eip", "IP addresses separated by commas");
    }
    throw flags.bad("eip", "IP addresses separated by commas");
  }

  private static List<Flags.Flag> flags() {
    List<Flags.Flag> flags =
        new ArrayList<>(Endpoint.flags("127.0.0.1", "the server's address or name"));
    flags.add(new Flags.Flag("timeout", "10s", "how long to wait for one answer"));
    flags.add(new Flags.Flag("count", "1", "answers to ask for, per protocol"));
    flags.add(new Flags.Flag("interval", "2s", "pause between them"));
    flags.add(new Flags.Flag("batch", "false", "print one JSON object per answer"));
    flags.add(new Flags.Flag("eip", "", "addresses to judge the answer by, separated by commas"));
    flags.add(
        new Flags.Flag(
            "contain", "true", "true: the address must be among -eip; false: it must not"));
    return List.copyOf(flags);
  }
}
