package io.egressgateway.load.api.rest;

/** What a client wants to be answered with: the header {@code Accept}. */
enum Representation {
  OBJECT,
  TABLE;

  /** The first accepted representation that is known. */
  static Representation parse(String accept) {
    if (accept.isBlank()) {
      return OBJECT;
    }
    for (String choice : accept.split(",", -1)) {
      String media = choice.replace(" ", "");
      if (media.contains(";as=")) {
        if (media.contains(";as=Table") && media.contains("v=v1") && !media.contains("v=v1beta1")) {
          return TABLE;
        }
      } else if (media.startsWith("application/json")
          || media.startsWith("application/*")
          || media.startsWith("*/*")) {
        return OBJECT;
      }
    }
    throw ApiException.notAcceptable(accept);
  }
}
