package io.egressgateway.load.nettools;

import java.util.List;

/** The server's command line. */
record ServerOptions(Endpoint endpoint, List<Protocol> protocols) {
  private static final List<Flags.Flag> FLAGS =
      Endpoint.flags("0.0.0.0", "address to listen on; :: is IPv6 and IPv4");

  ServerOptions {
    protocols = List.copyOf(protocols);
  }

  static ServerOptions parse(List<String> args) throws Flags.HelpException, Flags.UsageException {
    Flags flags = Flags.parse("server", FLAGS, args);
    return new ServerOptions(Endpoint.parse(flags), Protocol.parse(flags));
  }
}
