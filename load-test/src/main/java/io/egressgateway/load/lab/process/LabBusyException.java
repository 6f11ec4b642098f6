package io.egressgateway.load.lab.process;

import java.io.IOException;

/** Another lab is up on this machine; its namespaces have the same names. */
public final class LabBusyException extends IOException {
  private static final long serialVersionUID = 1L;

  LabBusyException(String message) {
    super(message);
  }
}
