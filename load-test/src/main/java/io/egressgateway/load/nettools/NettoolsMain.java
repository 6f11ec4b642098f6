package io.egressgateway.load.nettools;

import java.io.IOException;
import java.io.PrintStream;
import java.util.Arrays;
import java.util.List;

/**
 * {@code nettools server} shows clients the source address they arrive with, {@code nettools
 * client} asks it and judges the answer.
 *
 * <p>Exit codes: 0 success, 1 the network said otherwise, 2 the command line is wrong.
 */
public final class NettoolsMain {
  private static final int OK = 0;
  private static final int FAILED = 1;
  private static final int USAGE = 2;
  private static final String HELP =
      """
      Usage: nettools server [flags]    answer every client with its source address
             nettools client [flags]    ask a server, and judge the address it has seen

      nettools server -help and nettools client -help list the flags.
      """;

  private NettoolsMain() {}

  /** Runs the sub-command and ends the process with its exit code. */
  public static void main(String[] args) {
    // The JDK's HTTP server reads it once: answers are small and must not wait for each other.
    System.setProperty("sun.net.httpserver.nodelay", "true");
    int code = run(Arrays.asList(args), System.out, System.err);
    System.exit(code);
  }

  /** Runs the sub-command; a server runs until its thread is interrupted. */
  static int run(List<String> args, PrintStream out, PrintStream err) {
    if (args.isEmpty()) {
      err.print(HELP);
      return USAGE;
    }
    List<String> flags = args.subList(1, args.size());
    try {
      return switch (args.getFirst()) {
        case "server" -> serve(ServerOptions.parse(flags), out, err);
        case "client" -> new EchoClient(ClientOptions.parse(flags), out, err).run() ? OK : FAILED;
        case "-h", "-help", "--help" -> {
          out.print(HELP);
          yield OK;
        }
        default -> {
          err.printf("unknown sub-command: %s%n%s", args.getFirst(), HELP);
          yield USAGE;
        }
      };
    } catch (Flags.HelpException help) {
      out.println(help.getMessage());
      return OK;
    } catch (Flags.UsageException wrong) {
      err.println(wrong.getMessage());
      return USAGE;
    }
  }

  private static int serve(ServerOptions options, PrintStream out, PrintStream err) {
    try (EchoServer server = EchoServer.start(options, out)) {
      server.awaitInterrupt();
      return OK;
    } catch (IOException failure) {
      err.println(failure.getMessage());
      return FAILED;
    }
  }
}
