package io.egressgateway.k8s.egctl;

import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Prints what teaches a shell to complete egctl's command line. */
@Command(
    name = "completion",
    description = {
      "Prints a script that has a shell complete commands, options and their values.",
      "bash and zsh: source <(egctl completion bash); fish: egctl completion fish | source."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class CompletionCommand implements Callable<Integer> {

  /** Shells that it is for. */
  enum Shell {
    BASH,
    ZSH,
    FISH;

    /** As it is written, and as a shell offers it. */
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  @Spec private @Nullable CommandSpec spec;

  @Parameters(paramLabel = "SHELL", description = "bash, zsh or fish.")
  private Shell shell = Shell.BASH;

  @Override
  public Integer call() {
    CommandLine command = EgctlMain.parent(spec).commandLine();
    CommandSpec egctl = EgctlMain.parent(spec).root();
    Output.print(
        command,
        switch (shell) {
          // The script for bash brings what zsh needs to run it.
          case BASH, ZSH -> List.of(AutoComplete.bash(egctl.name(), egctl.commandLine()));
          case FISH -> FishCompletion.of(egctl);
        });
    return CommandLine.ExitCode.OK;
  }
}
