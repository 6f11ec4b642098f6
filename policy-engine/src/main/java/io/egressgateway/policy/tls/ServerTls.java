package io.egressgateway.policy.tls;

import io.egressgateway.core.tls.TlsCredentials;
import io.grpc.netty.shaded.io.netty.handler.ssl.ApplicationProtocolConfig;
import io.grpc.netty.shaded.io.netty.handler.ssl.ClientAuth;
import io.grpc.netty.shaded.io.netty.handler.ssl.IdentityCipherSuiteFilter;
import io.grpc.netty.shaded.io.netty.handler.ssl.JdkSslContext;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.security.GeneralSecurityException;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;

/**
 * TLS of a server, made of what the JDK has. Netty's own builder for servers would first find out
 * what else there is, and load a whole cryptography provider if one is on the class path.
 */
final class ServerTls {
  private static final String HTTP_2 = "h2";

  private ServerTls() {}

  /**
   * TLS 1.3, and a certificate of each client.
   *
   * @throws IOException if key and certificates do not belong together
   */
  static SslContext context(TlsCredentials credentials) throws IOException {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(new KeyManager[] {credentials.keyManager()}, credentials.trustManagers(), null);
      return new JdkSslContext(
          context,
          false,
          null,
          IdentityCipherSuiteFilter.INSTANCE_DEFAULTING_TO_SUPPORTED_CIPHERS,
          new ApplicationProtocolConfig(
              ApplicationProtocolConfig.Protocol.ALPN,
              ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
              ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
              HTTP_2),
          ClientAuth.REQUIRE,
          new String[] {RenewedTls.PROTOCOL},
          false);
    } catch (GeneralSecurityException unusable) {
      throw new IOException(
          "key and certificates do not make a TLS server (" + unusable + ")", unusable);
    }
  }
}
