using Microsoft.Extensions.Options;
using Portal.Access;

namespace Portal.SignIn;

/// <summary>
/// Refuses to start with a role that does not exist. Read from the settings as they are written, because what cannot be converted inside a
/// list is silently left out, and somebody would lack a role without anybody being told.
/// </summary>
sealed class RoleRules(IConfiguration configuration) : IValidateOptions<SignInOptions>
{
    static readonly string[] Sections = [nameof(SignInOptions.RolesByAppRole), nameof(SignInOptions.RolesByGroup), nameof(SignInOptions.RolesOfEverybody)];

    // Nobody is made the portal itself.
    static readonly string[] Roles = [.. Enum.GetNames<Role>().Where(name => name != nameof(Role.System))];

    public ValidateOptionsResult Validate(string? name, SignInOptions options)
    {
        List<string> wrong =
        [
            .. Sections.SelectMany(section => configuration.GetSection($"{SignInOptions.Section}:{section}").GetChildren())
                .Where(role => !string.IsNullOrEmpty(role.Value) && !Roles.Contains(role.Value, StringComparer.OrdinalIgnoreCase))
                .Select(role => $"{role.Path} is '{role.Value}'; it must be one of {string.Join(", ", Roles)}."),
        ];
        return wrong.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(wrong);
    }
}
