package io.egressgateway.load.lab.container;

import java.nio.file.Path;
import java.util.List;

/**
 * What an image reference stands for in the lab.
 *
 * @param layers the folders that hold the image's files, the uppermost first; never written to
 * @param entrypoint what runs where the pod's spec names no command
 * @param links paths of the image that lead to something else in the root, so that a spec's {@code
 *     command} finds the program under the name it has in the image
 */
record ContainerImage(List<Path> layers, List<String> entrypoint, List<Link> links) {

  /** A symbolic link. */
  record Link(Path path, Path target) {}

  ContainerImage {
    layers = List.copyOf(layers);
    entrypoint = List.copyOf(entrypoint);
    links = List.copyOf(links);
  }
}
