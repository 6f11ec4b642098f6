package io.egressgateway.load.lab.container;

import io.fabric8.kubernetes.api.model.HostPathVolumeSource;
import io.fabric8.kubernetes.api.model.Volume;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The volumes of a pod as folders of this machine. Not thread-safe. */
final class PodVolumes {
  // The machine's own, since every node of the lab is on it.
  private static final List<Path> SHARED_HOST_PATHS =
      List.of(Path.of("/proc"), Path.of("/sys"), Path.of("/lib/modules"));

  /**
   * Where volumes are kept.
   *
   * @param pod the pod's own, removed with it
   * @param node what hostPath volumes of its node are below
   * @param claims what persistent volumes are below
   */
  record Places(Path pod, Path node, Path claims) {}

  private final Places places;
  private final VolumeFiles files;
  private final SortedMap<String, Path> paths = new TreeMap<>();

  PodVolumes(Places places, VolumeFiles files) {
    this.places = places;
    this.files = files;
  }

  /**
   * Makes all of them.
   *
   * @throws UnsupportedPodException for a kind of volume that the lab does not have, or whose
   *     object does not exist yet
   */
  void make(List<Volume> volumes) throws IOException {
    for (Volume volume : volumes) {
      paths.put(volume.getName(), make(volume));
    }
  }

  /** Each volume's folder or file. */
  Map<String, Path> paths() {
    return new TreeMap<>(paths);
  }

  /** Brings the content of those that come from Kubernetes objects up to date. */
  void refresh(List<Volume> volumes) throws IOException {
    for (Volume volume : volumes) {
      var content = files.of(volume);
      if (content.isPresent()) {
        fill(places.pod().resolve(volume.getName()), content.get());
      }
    }
  }

  private Path make(Volume volume) throws IOException {
    Path folder = places.pod().resolve(volume.getName());
    var content = files.of(volume);
    if (content.isPresent()) {
      Files.createDirectories(folder);
      fill(folder, content.get());
      return folder;
    }
    if (volume.getEmptyDir() != null) {
      return open(folder);
    }
    if (volume.getHostPath() != null) {
      return hostPath(volume.getHostPath());
    }
    if (volume.getPersistentVolumeClaim() != null) {
      return open(places.claims().resolve(volume.getPersistentVolumeClaim().getClaimName()));
    }
    throw new UnsupportedPodException("volume %s: %s".formatted(volume.getName(), volume));
  }

  private Path hostPath(HostPathVolumeSource source) throws IOException {
    Path path = Path.of(source.getPath());
    if (SHARED_HOST_PATHS.stream().anyMatch(path::startsWith)) {
      return path;
    }
    Path own = places.node().resolve(path.toString().substring(1));
    if ("FileOrCreate".equals(source.getType())) {
      Files.createDirectories(own.getParent());
      if (!Files.exists(own)) {
        Files.createFile(own);
      }
      return own;
    }
    Files.createDirectories(own);
    return own;
  }

  /** For any user, as a kubelet makes them. */
  private static Path open(Path folder) throws IOException {
    Files.createDirectories(folder);
    return Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
  }

  private static void fill(Path folder, SortedMap<String, byte[]> content) throws IOException {
    for (var file : content.entrySet()) {
      Path path = folder.resolve(file.getKey());
      Files.createDirectories(path.getParent());
      if (!Files.exists(path) || !Arrays.equals(Files.readAllBytes(path), file.getValue())) {
        Path fresh = Files.write(path.resolveSibling("." + path.getFileName()), file.getValue());
        Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString("rw-r--r--"));
        Files.move(fresh, path, StandardCopyOption.ATOMIC_MOVE);
      }
    }
    try (Stream<Path> present = Files.list(folder)) {
      for (Path path : present.filter(Files::isRegularFile).toList()) {
        if (!content.containsKey(path.getFileName().toString())) {
          Files.delete(path);
        }
      }
    }
  }
}
