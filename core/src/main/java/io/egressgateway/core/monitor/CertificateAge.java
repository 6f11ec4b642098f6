package io.egressgateway.core.monitor;

import io.egressgateway.core.tls.TlsCredentials;
import io.egressgateway.core.tls.TlsFiles;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Until when a process's certificate is good, read from its file when it is asked for. */
public final class CertificateAge {
  private static final Logger LOG = LoggerFactory.getLogger(CertificateAge.class);

  private CertificateAge() {}

  /** The end of the certificate in seconds since 1970; 0 if the file cannot be used. */
  public static Metrics.Source notAfter(TlsFiles files) {
    return reading -> reading.value(seconds(files));
  }

  private static double seconds(TlsFiles files) {
    try {
      return TlsCredentials.read(files)
          .chain()
          .getFirst()
          .getNotAfter()
          .toInstant()
          .getEpochSecond();
    } catch (IOException unusable) {
      LOG.warn("certificate unusable reason=\"{}\"", unusable.getMessage());
      return 0;
    }
  }
}
