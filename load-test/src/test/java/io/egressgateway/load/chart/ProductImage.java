package io.egressgateway.load.chart;

import static org.assertj.core.api.Assertions.assertThat;

import io.egressgateway.load.lab.process.Distribution;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The product's image, built as a user builds it, and its files. */
final class ProductImage {
  private ProductImage() {}

  /** Builds it and lays its layers over each other in a folder below this one. */
  static Path unpack(Path directory) throws IOException, InterruptedException {
    Path tar = directory.resolve("image.tar");
    run(
        directory,
        List.of(
            Charts.root().resolve("egressgateway").toString(),
            "image",
            tar.toString(),
            Distribution.ofThisProcess().home().toString()));
    Path root = Files.createDirectories(directory.resolve("root"));
    // 'manifest.json' lists the layers, the lowest first, as the only quoted "blobs/…" after
    // "Layers".
    run(
        directory,
        List.of(
            "sh",
            "-ec",
            """
            mkdir image && tar -xf "$1" -C image
            sed 's/.*"Layers":\\[//; s/\\].*//; s/"//g' image/manifest.json | tr ',' '\\n' |
              while read -r layer || [ -n "$layer" ]; do tar -xzf "image/$layer" -C "$2"; done
            rm -r image "$1"
            """,
            "unpack",
            tar.toString(),
            root.toString()));
    return root;
  }

  private static void run(Path directory, List<String> command)
      throws IOException, InterruptedException {
    Path log = Files.createTempFile(directory, "image", ".log");
    Process process =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    assertThat(process.waitFor()).as("%s: %s", command, Files.readString(log)).isZero();
  }
}
