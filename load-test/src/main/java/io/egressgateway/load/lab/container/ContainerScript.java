package io.egressgateway.load.lab.container;

import io.egressgateway.load.lab.container.ContainerSpec.Access;
import io.egressgateway.load.lab.container.ContainerSpec.Confinement;
import io.egressgateway.load.lab.container.ContainerSpec.Mount;
import io.egressgateway.load.lab.container.ContainerSpec.Rights;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The shell script that becomes a container: run in a mount namespace of its own, it lays the
 * image's files under a writable layer, mounts the volumes, gives up what the container may not
 * have, and replaces itself by the command, so that the process's id stays the same throughout.
 *
 * @param image whose files are below
 * @param work the container's own folder, on the host
 */
record ContainerScript(ContainerSpec container, ContainerImage image, Path work) {

  /** The folders that must exist before the script runs. */
  List<Path> folders() {
    return List.of(upper(), work.resolve("overlay"), root());
  }

  /** Where the container's files appear, for who enters its mount namespace. */
  Path root() {
    return work.resolve("root");
  }

  private String lower() {
    return image.layers().stream().map(Path::toString).collect(Collectors.joining(":"));
  }

  private Path upper() {
    return work.resolve("upper");
  }

  /** The script's text. */
  String text() {
    StringBuilder script = new StringBuilder("set -e\n");
    line(
        script,
        "mount -t overlay overlay -o %s %s"
            .formatted(
                quote(
                    "lowerdir=%s,upperdir=%s,workdir=%s"
                        .formatted(lower(), upper(), work.resolve("overlay"))),
                quote(root())));
    for (String system : List.of("proc", "sys", "dev")) {
      Path inside = root().resolve(system);
      line(
          script,
          "mkdir -p %s && mount --rbind /%s %s".formatted(quote(inside), system, quote(inside)));
    }
    if (container.rights().confinement() == Confinement.CONFINED) {
      Path sysctls = root().resolve("proc/sys");
      line(script, "mount --bind %s %s".formatted(quote(sysctls), quote(sysctls)));
      line(script, "mount -o remount,bind,ro %s".formatted(quote(sysctls)));
    }
    for (ContainerImage.Link link : image.links()) {
      Path inside = inside(link.path());
      line(script, "mkdir -p %s".formatted(quote(String.valueOf(inside.getParent()))));
      line(script, "ln -sfn %s %s".formatted(quote(link.target()), quote(inside)));
    }
    container.mounts().forEach(mount -> addMount(script, mount));
    if (container.rights().root() == Access.READ_ONLY) {
      line(script, "mount -o remount,ro %s".formatted(quote(root())));
    }
    line(script, "exec %s".formatted(command()));
    return script.toString();
  }

  /** Links are followed as the container sees them: /var/run of the root is /run of the root. */
  private void addMount(StringBuilder script, Mount mount) {
    line(
        script,
        "t=$(chroot %s realpath -m %s)".formatted(quote(root()), quote(mount.target().toString())));
    String target = quote(root()) + "\"$t\"";
    if (Files.isRegularFile(mount.source())) {
      line(script, "mkdir -p %s\"$(dirname \"$t\")\" && touch %s".formatted(quote(root()), target));
    } else {
      line(script, "mkdir -p %s".formatted(target));
    }
    line(script, "mount --bind %s %s".formatted(quote(mount.source()), target));
    if (mount.access() == Access.READ_ONLY) {
      line(script, "mount -o remount,bind,ro %s".formatted(target));
    }
  }

  private Path inside(Path absolute) {
    return root().resolve(absolute.toString().substring(1));
  }

  private String command() {
    String words =
        container.command().stream().map(ContainerScript::quote).collect(Collectors.joining(" "));
    return "chroot %s setpriv%s -- %s".formatted(quote(root()), privileges(), words);
  }

  private String privileges() {
    Rights rights = container.rights();
    StringBuilder options = new StringBuilder();
    rights.user().ifPresent(user -> options.append(" --reuid ").append(user));
    rights.user().ifPresent(user -> options.append(" --regid ").append(user));
    options.append(" --clear-groups");
    if (rights.confinement() == Confinement.CONFINED) {
      options.append(" --inh-caps=-all --bounding-set=-all");
      rights.capabilities().forEach(name -> options.append(",+").append(name));
    }
    return options.toString();
  }

  private static void line(StringBuilder script, String text) {
    script.append(text).append('\n');
  }

  private static String quote(Path path) {
    return quote(path.toString());
  }

  private static String quote(String word) {
    return "'" + word.replace("'", "'\\''") + "'";
  }
}
