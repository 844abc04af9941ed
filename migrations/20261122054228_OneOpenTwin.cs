using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Portal.Migrations
{
    /// <inheritdoc />
    public partial class OneOpenTwin : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateIndex(
                name: "request_one_open_twin",
                schema: "portal",
                table: "request",
                columns: new[] { "requester_id", "payload_hash" },
                unique: true,
                filter: "state = 'PendingApproval'");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "request_one_open_twin",
                schema: "portal",
                table: "request");
        }
    }
}
